package io.farblock.raidsim.disk;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Time that passes only because somebody waits for it: {@link #until} jumps there. Starts at 0. Made for a simulation
 * on one thread; on several nothing breaks, but each of them moves the time of all.
 */
public final class VirtualTime implements SimTime
{
    private final AtomicLong nowNs = new AtomicLong();

    @Override
    public long nowNs()
    {
        return nowNs.get();
    }

    @Override
    public void until(final long deadlineNs)
    {
        nowNs.accumulateAndGet(deadlineNs, Math::max);
    }
}
