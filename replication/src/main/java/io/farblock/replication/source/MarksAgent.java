package io.farblock.replication.source;

import io.farblock.replication.Storage;
import io.farblock.replication.marks.KeepGuard;
import io.farblock.replication.marks.VolumeMarks;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;

/**
 * Writes down, once a second, what the kernel has marked and no epoch has sealed, and tells the guard that it did;
 * only of volumes on an array with a write-intent bitmap, since without one a power cut makes it worthless. When
 * a look or its write took too long the guard is left to take the promise back, and nothing is promised before the
 * looks have been in time for a minute: a disk that was slow once may be slow when the power goes.
 *
 * <p>Thread {@code src-marks}: the disk of the state directory may be slow without anything waiting for it.
 */
final class MarksAgent implements Agent
{
    private static final long PERIOD_NS = TimeUnit.SECONDS.toNanos(1);
    /** From the begin of a look to the end of its write; see {@link KeepGuard}. */
    private static final long IN_TIME_NS = TimeUnit.SECONDS.toNanos(1);
    private static final int LOOKS_AFTER_FAILURE = 60;

    private final List<VolumeMarks> volumes;
    private final Storage storage;
    private final NanoClock clock;
    private final Queue<CompletableFuture<MarksWritten>> asked = new ConcurrentLinkedQueue<>();
    private KeepGuard guard;
    private boolean begun;
    private long beganNs;
    private int looksInTime;
    private int looksWanted = 1;

    MarksAgent(final List<VolumeMarks> volumes, final SourceRuntime runtime)
    {
        this(volumes, runtime.storage(), runtime.clock());
    }

    MarksAgent(final List<VolumeMarks> volumes, final Storage storage, final NanoClock clock)
    {
        this.volumes = volumes;
        this.storage = storage;
        this.clock = clock;
    }

    /** Has every map written down at the next step, whatever it may be good for. Any thread. */
    CompletableFuture<MarksWritten> persist()
    {
        final CompletableFuture<MarksWritten> answer = new CompletableFuture<>();
        asked.add(answer);
        return answer;
    }

    @Override
    public int doWork()
    {
        final long nowNs = clock.nanoTime();
        if (!asked.isEmpty())
        {
            answer();
        }
        if (volumes.isEmpty() || begun && nowNs - beganNs < PERIOD_NS)
        {
            return 0;
        }
        begun = true;
        beganNs = nowNs;
        int current = 0;
        for (final VolumeMarks volume : volumes)
        {
            if (volume.keep())
            {
                current++;
            }
            else if (volume.isAttempted())
            {
                // Else its old map would be believed after a power cut, because the others are kept.
                volume.takeBack();
            }
        }
        if (current > 0)
        {
            promise(clock.nanoTime() - nowNs <= IN_TIME_NS);
        }
        // last: what is promised must not wait for what is only shown
        volumes.forEach(VolumeMarks::count);
        return 0;
    }

    private void answer()
    {
        final MarksWritten written = write();
        for (CompletableFuture<MarksWritten> waits = asked.poll(); waits != null; waits = asked.poll())
        {
            waits.complete(written);
        }
    }

    private MarksWritten write()
    {
        return new MarksWritten(volumes.size(), (int)volumes.stream().filter(VolumeMarks::persist).count());
    }

    /**
     * Writes everything down once more: whoever saves the maps at the shutdown has less to write then. The guard takes
     * back what it was promised; a machine that goes on tracks without anybody who keeps the maps.
     */
    @Override
    public void onClose()
    {
        answer();
        if (guard != null)
        {
            guard.close();
            guard = null;
        }
    }

    @Override
    public String roleName()
    {
        return "src-marks";
    }

    private void promise(final boolean inTime)
    {
        looksInTime = inTime ? looksInTime + 1 : 0;
        if (guard != null && !guard.isWatching())
        {
            guard.close();
            guard = null;
            looksWanted = LOOKS_AFTER_FAILURE;
            looksInTime = 0;
            // The guard did so; a word that was given while it ended is taken back here.
            volumes.forEach(VolumeMarks::takeBack);
        }
        if (guard == null && looksInTime >= looksWanted)
        {
            guard = storage.keepGuard(volumes.stream().map(VolumeMarks::keptFile).toList());
        }
        if (guard != null && inTime)
        {
            guard.beat();
            if (guard.isWatching())
            {
                volumes.forEach(VolumeMarks::promise);
            }
        }
    }
}
