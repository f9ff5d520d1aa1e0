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
    /** As BBR's start ends: three rounds that brought less than a quarter more. */
    private static final int PLATEAU = 3;
    /** Fewer say nothing of a rate: some heartbeats in a round trip. */
    private static final int LEAST_SAMPLE_BYTES = 16 * 1024;
    /** Less than this without progress is the business of schedulers and garbage collectors, not of the line. */
    private static final long LEAST_STALL_NS = TimeUnit.MILLISECONDS.toNanos(80);

    private volatile long bytesPerSecond;
    private volatile long inFlightBytes;
    private long sentBytes;
    private long dataBytes;
    private long receivedBytes;
    private int largestFrameBytes;

    private long sampleStartNs;
    private long sampleStartBytes;
    private boolean sampleFull;
    private long epochStartNs;
    private boolean epochFull;
    private long epochBest;
    private long previousBest;

    /** What the rate has to exceed by a quarter to be still growing, and how many full samples did not. */
    private long plateauBytesPerSecond;
    private int plateau;

    private boolean progressed;
    private long progressNs;
    private long reportNs;
    private long gapNs;
    private long gapVariationNs;

    /** A new connection begins, with what the path was last known to carry. */
    void connected(final long nowNs)
    {
        sentBytes = 0;
        dataBytes = 0;
        receivedBytes = 0;
        inFlightBytes = 0;
        sampleStartNs = nowNs;
        sampleStartBytes = 0;
        sampleFull = false;
        epochStartNs = nowNs;
        plateauBytesPerSecond = 0;
        plateau = 0;
        progressed = false;
        progressNs = nowNs;
        reportNs = nowNs;
        gapNs = 0;
        gapVariationNs = 0;
    }

    /** @param isData false for what only asks whether the line is there. */
    void sent(final int bytes, final boolean isData, final long nowNs)
    {
        if (inFlightBytes == 0)
        {
            // What was not sent meanwhile says nothing of the line.
            sampleStartNs = nowNs;
            sampleStartBytes = receivedBytes;
        }
        if (isData && !isBusy())
        {
            progressed = false;
            progressNs = nowNs;
        }
        sentBytes += bytes;
        dataBytes = isData ? sentBytes : dataBytes;
        largestFrameBytes = Math.max(largestFrameBytes, bytes);
        inFlightBytes = sentBytes - receivedBytes;
    }

    /** The other side has received so many bytes on this connection; true when that is news. */
    boolean received(final long bytes, final RoundTrips trips, final long nowNs)
    {
        // The other side's word: more than was sent cannot have arrived.
        final long known = Math.min(bytes, sentBytes);
        reportNs = nowNs;
        if (known <= receivedBytes)
        {
            return false;
        }
        if (progressed)
        {
            final long gap = Math.min(nowNs - progressNs, 2 * stallLimitNs(trips));
            gapVariationNs += (Math.abs(gap - gapNs) - gapVariationNs) / 4;
            gapNs += (gap - gapNs) / 8;
        }
        progressed = true;
        progressNs = nowNs;
        receivedBytes = known;
        inFlightBytes = sentBytes - known;
        if (nowNs - sampleStartNs >= Math.max(SAMPLE_NS, trips.floorNs()) &&
            receivedBytes - sampleStartBytes >= LEAST_SAMPLE_BYTES)
        {
            sample(nowNs, trips);
        }
        return true;
    }

    /** There was more to send than the window had room for. */
    void full()
    {
        sampleFull = true;
    }

    /** Whether another frame may go out: one more than the window, or a line would idle while each is answered. */
    boolean hasRoom(final RoundTrips trips)
    {
        return inFlightBytes < windowBytes(trips) + (bytesPerSecond == 0 ? 0 : largestFrameBytes);
    }

    /** Whether something else than questions is on its way. */
    boolean isBusy()
    {
        return receivedBytes < dataBytes;
    }

    /** How long one frame takes on the line; 0 while that is unknown. */
    long frameNs()
    {
        final long rate = bytesPerSecond;
        return rate == 0 ? 0 : (long)(largestFrameBytes * 1e9 / rate);
    }

    long windowBytes(final RoundTrips trips)
    {
        final long rate = bytesPerSecond;
        return rate == 0 ? FIRST_WINDOW_BYTES :
            Math.max(LEAST_WINDOW_BYTES,
                (long)(rate * 1e-9 * (plateau < PLATEAU ? trips.firstWindowNs() : trips.windowNs())));
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

    /**
     * For how long every report has said that nothing more of what is on its way has arrived. No report says nothing:
     * the path that they come on may be another.
     */
    long stalledNs()
    {
        return isBusy() ? Math.max(0, reportNs - progressNs) : 0;
    }

    /** A longer stall is none of the line's habits: RFC 6298's limit, applied to the gaps between reports. */
    long stallLimitNs(final RoundTrips trips)
    {
        // Reports come with whole frames: a slow line's gap is a frame, then several of nothing.
        final long habitNs =
            Math.max(gapNs + 4 * gapVariationNs, bytesPerSecond == 0 ? trips.limitNs() : frameNs() * 5 / 4);
        return LEAST_STALL_NS + habitNs + (progressed ? 0 : trips.limitNs());
    }

    private void sample(final long nowNs, final RoundTrips trips)
    {
        final long rate = (long)((receivedBytes - sampleStartBytes) * 1e9 / (nowNs - sampleStartNs));
        epochBest = Math.max(epochBest, rate);
        epochFull |= sampleFull;
        if (rate > plateauBytesPerSecond * 5 / 4)
        {
            plateauBytesPerSecond = rate;
            plateau = 0;
        }
        else if (sampleFull)
        {
            plateau++;
        }
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
