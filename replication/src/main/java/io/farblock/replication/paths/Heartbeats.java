package io.farblock.replication.paths;

import java.util.concurrent.TimeUnit;

/**
 * Questions on a connection that have not been answered yet. An answer counts only as the answer to a question that was
 * asked: the other side's word alone is not believed.
 *
 * <p>Owned by the send agent; nothing is allocated.
 */
final class Heartbeats
{
    /** While data are on their way: a line that dies silently is to be noticed within 200 ms. */
    static final long BUSY_NS = TimeUnit.MILLISECONDS.toNanos(30);
    /** What a question and its answer cost, times twenty: they are to take no more than a twentieth of a slow line. */
    private static final double SHARE_BYTES = 20 * 256;
    static final long IDLE_NS = TimeUnit.SECONDS.toNanos(1);
    /** Where every byte is paid for: 15 MB a day. */
    static final long METERED_IDLE_NS = TimeUnit.SECONDS.toNanos(2);
    private static final int MOST = 64;

    private final long[] sentNs = new long[MOST];
    private final long idleNs;
    private int first;
    private int count;
    private long lastNs;
    private boolean any;

    Heartbeats(final boolean metered)
    {
        idleNs = metered ? METERED_IDLE_NS : IDLE_NS;
    }

    void connected()
    {
        count = 0;
        any = false;
    }

    /** The next one comes within this time. */
    long intervalNs()
    {
        return idleNs;
    }

    /** @param bytesPerSecond what the line carries or may carry; 0 while that is unknown. */
    boolean isDue(final boolean busy, final long bytesPerSecond, final long nowNs)
    {
        final long busyNs = bytesPerSecond == 0 ? BUSY_NS :
            Math.min(idleNs, Math.max(BUSY_NS, (long)(SHARE_BYTES * 1e9 / bytesPerSecond)));
        return !any || nowNs - lastNs >= (busy ? busyNs : idleNs);
    }

    void sent(final long nowNs)
    {
        lastNs = nowNs;
        any = true;
        if (count < MOST)
        {
            // Beyond that many the line is dead for seconds, and an answer to a later one proves nothing more.
            sentNs[first + count & MOST - 1] = nowNs;
            count++;
        }
    }

    /** Whether this answers a question; it and all before it are answered then, since a connection keeps order. */
    boolean answered(final long echoNs)
    {
        for (int i = 0; i < count; i++)
        {
            if (sentNs[first + i & MOST - 1] == echoNs)
            {
                first = first + i + 1 & MOST - 1;
                count -= i + 1;
                return true;
            }
        }
        return false;
    }

    /** How long the oldest question waits; 0 when none does. */
    long waitingNs(final long nowNs)
    {
        return count == 0 ? 0 : nowNs - sentNs[first];
    }
}
