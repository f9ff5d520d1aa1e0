package io.farblock.replication.paths;

import java.util.concurrent.TimeUnit;

/**
 * What is on its way on a connection, how fast it arrives, and how much should be on its way at a time: not less than
 * fills the line for a round trip, not much more, since that would only wait in queues, delay what is urgent and be
 * sent again when the line dies. The rate is a maximum over the last seconds, as BBR's: a sample can only be too low,
 * when there was too little to send, and such a sample does not lower it.
 *
 * <p>Owned by the send agent; status reads the {@code volatile} fields. Nothing is allocated.
 */
final class Delivery
{
    static final long FIRST_WINDOW_BYTES = 256 * 1024;
    private static final long LEAST_WINDOW_BYTES = 32 * 1024;
    private static final long SAMPLE_NS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long EPOCH_NS = TimeUnit.SECONDS.toNanos(1);
    private static final int SAMPLES = 8;
    /** Less than this without progress is the business of schedulers and garbage collectors, not of the line. */
    private static final long LEAST_STALL_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private volatile long bytesPerSecond;
    private volatile long inFlightBytes;
    private long sentBytes;
    private long receivedBytes;

    private long sampleStartNs;
    private long sampleStartBytes;
    private boolean sampleFull;
    private long epochStartNs;
    private boolean epochFull;
    private long epochBest;
    private long previousBest;

    private boolean progressed;
    private long progressNs;
    private long gapNs;
    private long gapVariationNs;

    /** A new connection begins, with what the path was last known to carry. */
    void connected(final long nowNs)
    {
        sentBytes = 0;
        receivedBytes = 0;
        inFlightBytes = 0;
        sampleStartNs = nowNs;
        sampleStartBytes = 0;
        sampleFull = false;
        epochStartNs = nowNs;
        progressed = false;
        progressNs = nowNs;
        gapNs = 0;
        gapVariationNs = 0;
    }

    void sent(final int bytes, final long nowNs)
    {
        if (inFlightBytes == 0)
        {
            progressed = false;
            progressNs = nowNs;
            // What was not sent meanwhile says nothing of the line.
            sampleStartNs = nowNs;
            sampleStartBytes = receivedBytes;
        }
        sentBytes += bytes;
        inFlightBytes = sentBytes - receivedBytes;
    }

    /** The other side has received so many bytes on this connection. */
    void received(final long bytes, final RoundTrips trips, final long nowNs)
    {
        // The other side's word: more than was sent cannot have arrived.
        final long known = Math.min(bytes, sentBytes);
        if (known <= receivedBytes)
        {
            return;
        }
        if (progressed)
        {
            final long gap = nowNs - progressNs;
            gapVariationNs += (Math.abs(gap - gapNs) - gapVariationNs) / 4;
            gapNs += (gap - gapNs) / 8;
        }
        progressed = true;
        progressNs = nowNs;
        receivedBytes = known;
        inFlightBytes = sentBytes - known;
        if (nowNs - sampleStartNs >= Math.max(SAMPLE_NS, trips.floorNs()))
        {
            sample(nowNs, trips);
        }
    }

    /** There was more to send than the window had room for. */
    void full()
    {
        sampleFull = true;
    }

    boolean hasRoom(final RoundTrips trips)
    {
        return inFlightBytes < windowBytes(trips);
    }

    long windowBytes(final RoundTrips trips)
    {
        final long rate = bytesPerSecond;
        return rate == 0 ? FIRST_WINDOW_BYTES :
            Math.max(LEAST_WINDOW_BYTES, (long)(rate * 1e-9 * trips.windowNs()));
    }

    /** Sent on this connection and not reported as received by the other side. */
    long inFlightBytes()
    {
        return inFlightBytes;
    }

    /** 0 while unknown. */
    long bytesPerSecond()
    {
        return bytesPerSecond;
    }

    /** How long nothing of what is on its way has arrived. */
    long stalledNs(final long nowNs)
    {
        return inFlightBytes == 0 ? 0 : nowNs - progressNs;
    }

    /** A longer stall is none of the line's habits: RFC 6298's limit, applied to the gaps between reports. */
    long stallLimitNs(final RoundTrips trips)
    {
        return Math.max(LEAST_STALL_NS, gapNs + 4 * gapVariationNs) + (progressed ? 0 : trips.limitNs());
    }

    private void sample(final long nowNs, final RoundTrips trips)
    {
        final long rate = (long)((receivedBytes - sampleStartBytes) * 1e9 / (nowNs - sampleStartNs));
        epochBest = Math.max(epochBest, rate);
        epochFull |= sampleFull;
        sampleStartNs = nowNs;
        sampleStartBytes = receivedBytes;
        sampleFull = false;
        if (nowNs - epochStartNs > Math.max(EPOCH_NS, SAMPLES * trips.floorNs()))
        {
            if (epochFull)
            {
                previousBest = epochBest;
                epochBest = 0;
            }
            epochFull = false;
            epochStartNs = nowNs;
        }
        bytesPerSecond = Math.max(epochBest, previousBest);
    }
}
