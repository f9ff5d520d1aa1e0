package io.farblock.daemon.demo;

import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.NanoClock;

/**
 * How many bytes a line may carry: a token bucket that holds a twentieth of a second. Thread-safe. It only computes how
 * long to wait; waiting is the caller's.
 */
final class ByteBudget
{
    private static final int BURSTS_PER_SECOND = 20;

    private final NanoClock clock;
    private long bytesPerSecond;
    private long paidUntilNs;

    /** Unlimited until it is told otherwise. */
    ByteBudget(final NanoClock clock)
    {
        this.clock = clock;
        this.paidUntilNs = clock.nanoTime();
    }

    /** @param limit bytes a second; 0 for no limit. */
    synchronized void limit(final long limit)
    {
        bytesPerSecond = limit;
        paidUntilNs = clock.nanoTime();
    }

    /** Takes bytes from the budget; returns how long the caller has to wait before it sends them. */
    synchronized long takeNs(final int bytes)
    {
        if (bytesPerSecond == 0)
        {
            return 0;
        }
        final long nowNs = clock.nanoTime();
        final long burstNs = TimeUnit.SECONDS.toNanos(1) / BURSTS_PER_SECOND;
        if (paidUntilNs - (nowNs - burstNs) < 0)
        {
            paidUntilNs = nowNs - burstNs;
        }
        paidUntilNs += (long)(bytes * 1e9 / bytesPerSecond);
        return Math.max(0, paidUntilNs - nowNs);
    }
}
