package io.farblock.powersim.serve;

import org.agrona.concurrent.NanoClock;

/** Time that begins at 0 and passes faster or slower than another clock's. Not thread safe. */
final class SpeedClock
{
    private final NanoClock clock;
    private double speed;
    private long sinceNs;
    private long passedNs;

    SpeedClock(final NanoClock clock, final double speed)
    {
        this.clock = clock;
        this.speed = speed;
        this.sinceNs = clock.nanoTime();
    }

    long nowNs()
    {
        return passedNs + (long)((clock.nanoTime() - sinceNs) * speed);
    }

    double speed()
    {
        return speed;
    }

    void speed(final double next)
    {
        final long nowNs = clock.nanoTime();
        passedNs += (long)((nowNs - sinceNs) * speed);
        sinceNs = nowNs;
        speed = next;
    }
}
