package io.farblock.raidsim.disk;

import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.NanoClock;

/**
 * Real time: waiting parks the calling thread. An interrupted thread does not wait, and stays interrupted. Thread safe
 * if the clock is.
 */
public final class ParkedTime implements SimTime
{
    private final NanoClock clock;

    public ParkedTime(final NanoClock clock)
    {
        this.clock = clock;
    }

    @Override
    public long nowNs()
    {
        return clock.nanoTime();
    }

    @Override
    public void until(final long deadlineNs)
    {
        long left = deadlineNs - clock.nanoTime();
        // parking may end early for no reason, so the clock decides
        while (left > 0 && !Thread.currentThread().isInterrupted())
        {
            LockSupport.parkNanos(this, left);
            left = deadlineNs - clock.nanoTime();
        }
    }
}
