package io.farblock.daemon.demo;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.DoubleSupplier;

/**
 * Watches how much of an epoch is done and lets faults happen in mid-epoch, one after the other. A thread of its own,
 * {@code fault}, from launch to close. What it did is known after {@link #close()}; a fault that came too late is
 * counted as missed and not made up for.
 */
final class FaultTrigger implements AutoCloseable
{
    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(5);

    private final DoubleSupplier share;
    private final List<Fault> faults;
    private final Thread thread = new Thread(this::run, "fault");
    private volatile boolean closing;
    private int happened;
    private Exception failure;

    /** @param share of the epoch that is done, 0 to 1. */
    FaultTrigger(final DoubleSupplier share, final List<Fault> faults)
    {
        this.share = share;
        this.faults = List.copyOf(faults);
    }

    FaultTrigger launch()
    {
        thread.setDaemon(true);
        thread.start();
        return this;
    }

    /** How many of the faults happened in mid-epoch. */
    int happened()
    {
        return happened;
    }

    /** What went wrong while one was made to happen; null when nothing did. */
    Exception failure()
    {
        return failure;
    }

    /** Waits for a fault that is just happening; the others do not happen any more. */
    @Override
    public void close()
    {
        closing = true;
        boolean interrupted = false;
        while (thread.isAlive())
        {
            try
            {
                thread.join();
            }
            catch (final InterruptedException later)
            {
                interrupted = true;
            }
        }
        if (interrupted)
        {
            Thread.currentThread().interrupt();
        }
    }

    private void run()
    {
        try
        {
            for (final Fault fault : faults)
            {
                if (!await(fault))
                {
                    return;
                }
            }
        }
        catch (final Exception failed)
        {
            failure = failed;
        }
    }

    private boolean await(final Fault fault) throws Exception
    {
        while (!closing)
        {
            final double done = share.getAsDouble();
            if (done > fault.to())
            {
                return false;
            }
            if (done >= fault.from())
            {
                fault.action().happen(done);
                happened++;
                return true;
            }
            LockSupport.parkNanos(LOOK_NS);
        }
        return false;
    }
}
