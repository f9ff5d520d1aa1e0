package io.farblock.replication.source;

import io.farblock.replication.lineage.Consistency;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The operator's commands stop the application, what is left is sent, and they start it again. Where the kernel tracks
 * the volumes, all but the last of it is sent while the application still runs, and tracking shows that it did stop;
 * a scanned volume is read only once, while it is stopped, and the commands are believed.
 */
final class StopCut extends Cut
{
    /** While it runs: a third pass is seldom much smaller than a second. */
    private static final int PASSES_RUNNING = 3;
    /** While it is stopped: file systems may still write a little by themselves. */
    private static final int PASSES_STOPPED = 8;

    private final boolean tracked;
    private boolean stopped;
    private int passes;
    private long stoppedNs;
    private String problem = "";

    StopCut(final CutContext context, final EpochAttempt attempt)
    {
        super(context, attempt);
        this.tracked = volumes().stream().allMatch(volume -> volume.config().tracking() != Tracking.SCAN);
    }

    @Override
    void begin() throws IOException
    {
        if (!tracked)
        {
            stop();
        }
        super.begin();
    }

    @Override
    int step() throws IOException
    {
        if (!context.capture().isPassFinished())
        {
            return context.capture().step();
        }
        if (stopped && !tracked)
        {
            finish(Consistency.APP);
            close();
            return 1;
        }
        if (!context.ring().isDrained())
        {
            return 0;
        }
        passes++;
        if (stopped && isStill())
        {
            finish(Consistency.APP);
            close();
            return 1;
        }
        if (stopped && passes >= PASSES_STOPPED)
        {
            throw new IOException("cannot cut " + context.group().name() + ": something still writes to its volumes " +
                "after the command that stops the application (before) has ended and " + passes + " passes were made");
        }
        if (!stopped && passes >= PASSES_RUNNING)
        {
            stop();
        }
        harvestAgain(false);
        beginPass();
        return 1;
    }

    @Override
    public void close()
    {
        if (stopped)
        {
            stopped = false;
            problem = context.group().rest().end();
            attempt.pauseNs = context.clock().nanoTime() - stoppedNs;
            context.group().pauses().count(attempt.pauseNs);
        }
    }

    @Override
    String problem()
    {
        return problem;
    }

    private void stop() throws IOException
    {
        stopped = true;
        stoppedNs = context.clock().nanoTime();
        context.group().rest().begin(attempt.epoch);
        final List<Path> devices = volumes().stream().map(volume -> volume.config().device()).toList();
        // What the application wrote last may be in memory only, and is to be read from the device.
        context.quiesce().settle(devices);
        attempt.cutNs = context.clock().nanoTime();
        passes = 0;
    }
}
