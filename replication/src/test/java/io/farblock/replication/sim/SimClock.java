package io.farblock.replication.sim;

import org.agrona.concurrent.NanoClock;

/** Time that passes only when the simulation says so. */
final class SimClock implements NanoClock
{
    private long nowNs;

    SimClock(final long startNs)
    {
        nowNs = startNs;
    }

    @Override
    public long nanoTime()
    {
        return nowNs;
    }

    void advance(final long byNs)
    {
        nowNs += byNs;
    }
}
