package io.farblock.daemon.net;

import io.farblock.daemon.control.ControlClient;
import io.farblock.daemon.control.ControlException;
import io.farblock.daemon.control.Request;
import io.farblock.daemon.faults.DaemonProcess;
import io.farblock.daemon.faults.Deadline;
import io.farblock.replication.status.TargetStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * Looks again and again at how far a target is: bytes that it has received and taken in order, which its status says,
 * and bytes that came out of each line, which the kernel says. Its own thread, {@code probe}, over one connection
 * to the target. Whoever asks for what it saw gets a copy.
 */
final class ProgressProbe implements AutoCloseable
{
    /**
     * What was seen.
     *
     * @param ns      of the moment, by {@link System#nanoTime()}.
     * @param unique  bytes of frames, each counted once, wherever they belong.
     * @param inOrder bytes of blocks, each counted once, up to the first that is missing.
     * @param arrived bytes that came out of each line.
     */
    record Sample(long ns, long unique, long inOrder, long[] arrived)
    {
    }

    /** A frame with a block of 64 KiB. */
    private static final long FRAME_BYTES = (64 << 10) + 80;

    private final NetLab lab;
    private final DaemonProcess target;
    private final long everyNs;
    private final List<Sample> samples = new ArrayList<>();
    private final Thread thread;
    private volatile Exception failed;
    private volatile boolean closed;

    ProgressProbe(final NetLab lab, final DaemonProcess target, final long everyMs)
    {
        this.lab = lab;
        this.target = target;
        this.everyNs = TimeUnit.MILLISECONDS.toNanos(everyMs);
        this.thread = new Thread(this::run, "probe");
        thread.start();
    }

    /** All that was seen, in order of time. */
    List<Sample> samples()
    {
        if (failed != null)
        {
            throw new AssertionError("the probe failed", failed);
        }
        synchronized (samples)
        {
            return List.copyOf(samples);
        }
    }

    /** What was seen last. */
    Sample last()
    {
        Deadline.await("something was seen", 30, () -> !samples().isEmpty());
        final List<Sample> all = samples();
        return all.get(all.size() - 1);
    }

    /** How often it came to look: so precise is what it says of time. */
    List<Double> intervalsMs()
    {
        final List<Sample> all = samples();
        return IntStream.range(1, all.size()).mapToObj(i -> (all.get(i).ns() - all.get(i - 1).ns()) / 1e6).toList();
    }

    @Override
    public void close()
    {
        closed = true;
        try
        {
            thread.join();
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
    }

    private void run()
    {
        try (ControlClient client = ControlClient.open(target.socket()))
        {
            long nextNs = System.nanoTime();
            while (!closed)
            {
                final TargetStatus status = client.ask(Request.status(), progress -> { }).status().target();
                final Sample sample = new Sample(
                    System.nanoTime(), unique(status), LabSites.appliedBytes(status), lab.arrived(target.pid()));
                synchronized (samples)
                {
                    samples.add(sample);
                }
                nextNs = Math.max(nextNs + everyNs, System.nanoTime());
                while (System.nanoTime() - nextNs < 0)
                {
                    LockSupport.parkNanos(nextNs - System.nanoTime());
                }
            }
        }
        catch (final ControlException | IOException | RuntimeException ex)
        {
            failed = ex;
        }
    }

    private static long unique(final TargetStatus status)
    {
        return status.sessions().stream()
            .mapToLong(session -> session.receivedBytes() - session.duplicateFrames() * FRAME_BYTES).sum();
    }
}
