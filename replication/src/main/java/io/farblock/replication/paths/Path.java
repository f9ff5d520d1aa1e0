package io.farblock.replication.paths;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/**
 * One route to the peer, as the source's send agent sees it: state, the connection of the moment, and what was measured
 * of it. Owned by the send agent; status reads the volatile fields.
 */
public final class Path
{
    private static final long FIRST_RETRY_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LONGEST_RETRY_NS = TimeUnit.SECONDS.toNanos(2);
    private static final long HEARTBEAT_NS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long SUSPECT_NS = TimeUnit.MILLISECONDS.toNanos(1_500);
    private static final long DEAD_NS = TimeUnit.SECONDS.toNanos(5);
    private static final long RATE_SAMPLE_NS = TimeUnit.MILLISECONDS.toNanos(20);

    private final PathConfig config;
    private final int index;

    private volatile PathState state = PathState.DOWN;
    private volatile String reason = "not tried yet";
    private volatile long rttNs;
    private volatile long deliveryBytesPerSecond;
    private volatile long sentBytes;
    private volatile long resentFrames;

    private PathLink link;
    private int attempts;
    private long nextAttemptNs = Long.MIN_VALUE;
    private long retryNs = FIRST_RETRY_NS;
    private long lastHeardNs;
    private long lastHeartbeatNs;
    private long connectionSentBytes;
    private long connectionReceivedBytes;
    private long sampleStartNs;
    private long sampleStartBytes;
    private boolean busySinceSample;

    public Path(final PathConfig config, final int index)
    {
        this.config = config;
        this.index = index;
    }

    public PathConfig config()
    {
        return config;
    }

    /** Position in the peer's list. */
    public int index()
    {
        return index;
    }

    public PathState state()
    {
        return state;
    }

    public String reason()
    {
        return reason;
    }

    public long rttNs()
    {
        return rttNs;
    }

    public long deliveryBytesPerSecond()
    {
        return deliveryBytesPerSecond;
    }

    public long sentBytes()
    {
        return sentBytes;
    }

    public long resentFrames()
    {
        return resentFrames;
    }

    /** The connection's link; null while down. */
    public PathLink link()
    {
        return link;
    }

    /** Whether it is time to connect. */
    public boolean isDue(final long nowNs)
    {
        return state == PathState.DOWN && (nextAttemptNs == Long.MIN_VALUE || nowNs - nextAttemptNs >= 0);
    }

    /** Begins an attempt. */
    public PathLink connecting(final long nowNs)
    {
        transition(PathState.CONNECTING, "connecting");
        link = new PathLink(index, ++attempts);
        lastHeardNs = nowNs;
        return link;
    }

    /** The other side has taken the connection into the session. */
    public void welcomed(final long nowNs)
    {
        transition(PathState.UP, "welcomed by " + link.connection().remote());
        retryNs = FIRST_RETRY_NS;
        lastHeardNs = nowNs;
        lastHeartbeatNs = 0;
        connectionSentBytes = 0;
        connectionReceivedBytes = 0;
        sampleStartNs = nowNs;
        sampleStartBytes = 0;
    }

    /** The connection is gone or given up; {@code jitterNs} spreads the next attempt. */
    public void down(final String why, final long nowNs, final long jitterNs)
    {
        if (link != null)
        {
            link.abandon(why);
        }
        link = null;
        nextAttemptNs = nowNs + retryNs + jitterNs;
        retryNs = Math.min(2 * retryNs, LONGEST_RETRY_NS);
        transition(PathState.DOWN, why);
    }

    /** Anything arrived on the connection. */
    public void heard(final long nowNs)
    {
        lastHeardNs = nowNs;
        if (state == PathState.SUSPECT)
        {
            transition(PathState.UP, "heard of again");
        }
    }

    /** Silence turns an up path suspect, longer silence ends it. */
    public void judge(final long nowNs, final long jitterNs)
    {
        final long silentNs = nowNs - lastHeardNs;
        if (silentNs > DEAD_NS && state != PathState.DOWN)
        {
            down("silent for " + TimeUnit.NANOSECONDS.toMillis(silentNs) + " ms", nowNs, jitterNs);
        }
        else if (silentNs > SUSPECT_NS + 3 * rttNs && state == PathState.UP)
        {
            transition(PathState.SUSPECT, "silent for " + TimeUnit.NANOSECONDS.toMillis(silentNs) + " ms");
        }
    }

    /** Whether a heartbeat should go out; asks once per interval. */
    public boolean takeHeartbeatTurn(final long nowNs)
    {
        final boolean due = (state == PathState.UP || state == PathState.SUSPECT) &&
            (lastHeartbeatNs == 0 || nowNs - lastHeartbeatNs >= HEARTBEAT_NS);
        if (due)
        {
            lastHeartbeatNs = nowNs;
        }
        return due;
    }

    /** A heartbeat came back. */
    public void roundTrip(final long sampleNs)
    {
        if (sampleNs <= 0 || sampleNs > DEAD_NS)
        {
            // The other side's word: what cannot be is not believed.
            return;
        }
        // RFC 6298's smoothing: 1/8 of each new sample.
        rttNs = rttNs == 0 ? sampleNs : rttNs + (sampleNs - rttNs) / 8;
    }

    /** The other side has received so many bytes on this connection. */
    public void delivered(final long receivedBytes, final long nowNs)
    {
        connectionReceivedBytes = Math.max(connectionReceivedBytes, receivedBytes);
        final long elapsedNs = nowNs - sampleStartNs;
        if (elapsedNs >= RATE_SAMPLE_NS)
        {
            final long bytes = connectionReceivedBytes - sampleStartBytes;
            if (busySinceSample && bytes > 0)
            {
                final long rate = (long)(bytes * 1e9 / elapsedNs);
                // An idle moment only ever lowers a sample, so growth is believed faster than decline.
                final long known = deliveryBytesPerSecond;
                deliveryBytesPerSecond = known == 0 || rate > known ? (known + rate) / (known == 0 ? 1 : 2) :
                    known + (rate - known) / 8;
            }
            sampleStartNs = nowNs;
            sampleStartBytes = connectionReceivedBytes;
            busySinceSample = inFlightBytes() > 0;
        }
    }

    /** Sends a frame, copied. */
    public boolean send(final ByteBuffer buffer, final int offset, final int lengthBytes)
    {
        return send(buffer, offset, lengthBytes, buffer, 0, 0);
    }

    /** Sends a frame that lies in two places, copied. */
    public boolean send(
        final ByteBuffer head, final int headOffset, final int headBytes,
        final ByteBuffer tail, final int tailOffset, final int tailBytes)
    {
        final int lengthBytes = headBytes + tailBytes;
        final boolean taken = link.connection().send(head, headOffset, headBytes, tail, tailOffset, tailBytes);
        if (taken)
        {
            connectionSentBytes += lengthBytes;
            sentBytes += lengthBytes;
            busySinceSample = true;
        }
        return taken;
    }

    public void countResent()
    {
        resentFrames++;
    }

    /** Sent on this connection and not reported as received by the other side. */
    public long inFlightBytes()
    {
        return Math.max(0, connectionSentBytes - connectionReceivedBytes);
    }

    private void transition(final PathState next, final String why)
    {
        if (!state.allows(next))
        {
            throw new IllegalStateException("path " + config.name() + ": " + state + " -> " + next + " (" + why + ")");
        }
        state = next;
        reason = why;
    }
}
