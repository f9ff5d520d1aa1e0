package io.farblock.replication.source;

import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.NanoClock;

/** When to try something again: at once, then after twice as long each time, up to a limit. One thread. */
final class RetryTimer
{
    private static final long FIRST_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LONGEST_NS = TimeUnit.SECONDS.toNanos(5);

    private final NanoClock clock;
    private long waitNs;
    private long dueNs;

    RetryTimer(final NanoClock clock)
    {
        this.clock = clock;
        reset();
    }

    /** Begins anew: due at once. */
    void reset()
    {
        waitNs = FIRST_NS;
        dueNs = clock.nanoTime();
    }

    boolean isDue()
    {
        return clock.nanoTime() - dueNs >= 0;
    }

    /** Not now: due later. */
    void backOff()
    {
        dueNs = clock.nanoTime() + waitNs;
        waitNs = Math.min(2 * waitNs, LONGEST_NS);
    }
}
