package io.farblock.replication.shaping;

/**
 * Holds a sender to a rate. What is sent fills the bucket, time drains it; a frame is admitted while no more is in it
 * than {@value #ALLOWANCE_NS} nanoseconds drain. So whatever the interval, no more goes out in it than the rate times
 * its length and {@link #burstBytes(int)}. What has to go out goes out all the same ({@link #spend} never refuses), and
 * what follows waits for it.
 *
 * <p>One thread, except that anyone may read the rate. Allocates nothing. Times are of a nanosecond clock with any
 * origin; one that stands or goes back drains nothing.
 */
public final class TokenBucket
{
    /** 100 Gbit/s. */
    public static final long MOST_BYTES_PER_SECOND = 12_500_000_000L;
    /** As long as a stage sleeps that nobody wakes, and some more: what it might have sent meanwhile is not lost. */
    private static final long ALLOWANCE_NS = 25_000_000;
    private static final long NS_PER_SECOND = 1_000_000_000;
    /** 4.6 GB, more than any window: beyond it nothing is remembered, so that no sum overflows. */
    private static final long DEEPEST = Long.MAX_VALUE / 2;

    private volatile long bytesPerSecond;
    /** In bytes times 1e9, so that draining is a product of whole numbers and nothing is rounded away. */
    private long level;
    private long drainedToNs;

    /** Empty, without a limit. */
    public TokenBucket(final long nowNs)
    {
        drainedToNs = nowNs;
    }

    /** The rate, or 0 for no limit. */
    public long bytesPerSecond()
    {
        return bytesPerSecond;
    }

    /** Changes the rate from now on; 0 is no limit, and forgives what is not yet paid. */
    public void setRate(final long newBytesPerSecond, final long nowNs)
    {
        if (newBytesPerSecond < 0 || newBytesPerSecond > MOST_BYTES_PER_SECOND)
        {
            throw new IllegalArgumentException(newBytesPerSecond + " bytes a second: from 0 to " +
                MOST_BYTES_PER_SECOND);
        }
        drain(nowNs);
        bytesPerSecond = newBytesPerSecond;
        if (newBytesPerSecond == 0)
        {
            level = 0;
        }
    }

    /** Whether a frame may go out now, whatever its size. */
    public boolean admits(final long nowNs)
    {
        drain(nowNs);
        return level <= allowance();
    }

    /** So much went out. */
    public void spend(final int bytes, final long nowNs)
    {
        drain(nowNs);
        if (bytesPerSecond != 0)
        {
            level = Math.min(DEEPEST, level + bytes * NS_PER_SECOND);
        }
    }

    /** How long from now on nothing is admitted. */
    public long waitNs(final long nowNs)
    {
        drain(nowNs);
        final long excess = level - allowance();
        return excess <= 0 ? 0 : (excess - 1) / bytesPerSecond + 1;
    }

    /** The most that goes out at once after a silence, in frames of at most so many bytes. */
    public long burstBytes(final int frameBytes)
    {
        return allowance() / NS_PER_SECOND + frameBytes;
    }

    private long allowance()
    {
        return bytesPerSecond * ALLOWANCE_NS;
    }

    private void drain(final long nowNs)
    {
        final long elapsedNs = nowNs - drainedToNs;
        if (elapsedNs <= 0)
        {
            return;
        }
        drainedToNs = nowNs;
        final long rate = bytesPerSecond;
        // Divided first: the product of a fast rate and a long silence would overflow.
        level = rate == 0 || elapsedNs > level / rate ? 0 : level - rate * elapsedNs;
    }
}
