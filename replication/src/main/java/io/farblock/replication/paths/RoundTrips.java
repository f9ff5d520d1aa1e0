package io.farblock.replication.paths;

import java.util.concurrent.TimeUnit;

/**
 * What is known of a connection's round trip: smoothed, how much it varies, and how long it is when nothing queues.
 * Smoothing and limit are those of RFC 6298; the floor serves as the round trip of BBR (Cardwell et al., 2016), by
 * which a sender knows how much it has to have on its way, and what would only wait somewhere.
 *
 * <p>Owned by the send agent; status reads the {@code volatile} fields.
 */
final class RoundTrips
{
    /** Less than this between two heartbeats is the business of schedulers and garbage collectors, not of the line. */
    private static final long LEAST_VARIATION_NS = TimeUnit.MILLISECONDS.toNanos(80);
    /** RFC 6298, 2.1: before anything was measured. */
    private static final long FIRST_LIMIT_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long FLOOR_WINDOW_NS = TimeUnit.SECONDS.toNanos(10);
    /** What may wait in queues, so that a line does not run dry while an acknowledgement is late. */
    private static final long QUEUE_NS = TimeUnit.MILLISECONDS.toNanos(40);

    private volatile long smoothedNs;
    private volatile long variationNs;
    private volatile long floorNs;
    private long windowStartNs;
    private long windowLeastNs;

    /** A new connection may take another route: all begins anew. */
    void connected(final long nowNs)
    {
        smoothedNs = 0;
        variationNs = 0;
        floorNs = 0;
        windowStartNs = nowNs;
        windowLeastNs = Long.MAX_VALUE;
    }

    /** @param frameNs how long one frame takes on the line: a question may wait for some of them. */
    void sample(final long measuredNs, final long frameNs, final long nowNs)
    {
        // What an outage held back tells little of the line; a line that really became slower is believed step by step.
        final long tripNs = smoothedNs == 0 ? measuredNs : Math.min(measuredNs, 2 * limitNs());
        final long known = smoothedNs;
        if (known == 0)
        {
            smoothedNs = tripNs;
            variationNs = tripNs / 2;
            floorNs = tripNs;
        }
        else
        {
            variationNs += (Math.abs(known - tripNs) - variationNs) / 4;
            smoothedNs = known + (tripNs - known) / 8;
            floorNs = Math.min(floorNs, tripNs);
        }
        windowLeastNs = Math.min(windowLeastNs, tripNs);
        if (nowNs - windowStartNs > FLOOR_WINDOW_NS)
        {
            if (windowLeastNs > (windowNs() + 2 * frameNs) * 3 / 2)
            {
                // More than our own queue can explain: the route became longer, and less on its way would starve it.
                // Half as much again, because a full line's trips are just as long as its window.
                floorNs = windowLeastNs;
            }
            windowStartNs = nowNs;
            windowLeastNs = Long.MAX_VALUE;
        }
    }

    /** Smoothed; 0 before the first sample. */
    long smoothedNs()
    {
        return smoothedNs;
    }

    long variationNs()
    {
        return variationNs;
    }

    /** With empty queues; 0 before the first sample. */
    long floorNs()
    {
        return floorNs;
    }

    /** An answer that takes longer than this is overdue. */
    long limitNs()
    {
        return smoothedNs == 0 ? FIRST_LIMIT_NS : smoothedNs + Math.max(LEAST_VARIATION_NS, 4 * variationNs);
    }

    /** Twice what fills the line: so a rate that is too low is seen to be. For a line whose rate is being found. */
    long firstWindowNs()
    {
        return 2 * floorNs + QUEUE_NS;
    }

    /** As long as this at the measured rate is what should be on its way at a time. */
    long windowNs()
    {
        return floorNs + floorNs / 4 + QUEUE_NS;
    }
}
