package io.farblock.replication.paths;

import io.farblock.replication.shaping.Shaper;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.function.LongUnaryOperator;

/**
 * One route to the peer, as the source's send agent sees it: state, the connection of the moment, and what was measured
 * of it. Owned by the send agent; status reads the volatile fields, and anybody may disable it.
 */
public final class Path
{
    private static final long DEAD_NS = TimeUnit.SECONDS.toNanos(5);

    private final PathConfig config;
    private final int index;
    private final Shaper shaper;
    private final RoundTrips trips = new RoundTrips();
    private final Delivery delivery = new Delivery();
    private final Heartbeats heartbeats;
    private final Flaps flaps = new Flaps();

    private volatile PathState state = PathState.DOWN;
    private volatile String reason = "not tried yet";
    private volatile long sentBytes;
    private volatile long receivedBytes;
    private volatile long sentFrames;
    private volatile long resentFrames;
    private volatile long connections;
    private volatile long suspicions;
    /** Written by whoever commands. */
    private volatile boolean disabled;

    private PathLink link;
    private int attempts;
    private boolean tried;
    private long downSinceNs;
    private long jitterNs;
    private long lastHeardNs;
    private long introducedNs;
    private long suspectSinceNs;
    private int answers;

    /** @param shaper what all paths to the peer may carry. */
    public Path(final PathConfig config, final int index, final Shaper shaper)
    {
        this.shaper = shaper;
        this.config = config;
        this.index = index;
        this.heartbeats = new Heartbeats(config.metered());
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

    /** Smoothed; 0 while unknown. */
    public long rttNs()
    {
        return trips.smoothedNs();
    }

    public long rttVariationNs()
    {
        return trips.variationNs();
    }

    /** Round trip while nothing queues; 0 while unknown. */
    public long floorNs()
    {
        return trips.floorNs();
    }

    public long deliveryBytesPerSecond()
    {
        return delivery.bytesPerSecond();
    }

    /** What it may carry now; 0 for no limit. */
    public long limitBytesPerSecond()
    {
        return shaper.bytesPerSecond(index);
    }

    public long sentBytes()
    {
        return sentBytes;
    }

    public long receivedBytes()
    {
        return receivedBytes;
    }

    public long sentFrames()
    {
        return sentFrames;
    }

    public long resentFrames()
    {
        return resentFrames;
    }

    /** How often the other side took a connection of it. */
    public long connections()
    {
        return connections;
    }

    /** How often an answer was overdue. */
    public long suspicions()
    {
        return suspicions;
    }

    /** The connection's link; null while down. */
    public PathLink link()
    {
        return link;
    }

    /** The operator's word; the send agent follows it. Any thread. */
    public void disabled(final boolean value)
    {
        disabled = value;
    }

    /** Whether the other side has taken a connection of it that was not given up. */
    public boolean isConnected()
    {
        return state == PathState.UP || state == PathState.SUSPECT;
    }

    /** Follows the operator's word; true when that changed the state. */
    public boolean obey(final long nowNs)
    {
        if (disabled == (state == PathState.DISABLED))
        {
            return false;
        }
        if (disabled)
        {
            leave("disabled by the operator", nowNs);
            transition(PathState.DISABLED, "disabled by the operator");
        }
        else
        {
            transition(PathState.DOWN, "enabled by the operator");
            tried = false;
        }
        return true;
    }

    /** Whether it is time to connect; a path that flaps waits longer while there are others. */
    public boolean isDue(final long nowNs, final boolean alone)
    {
        final long waitNs = alone ? flaps.retryNs() : flaps.dampedNs();
        return state == PathState.DOWN && (!tried || nowNs - downSinceNs >= waitNs + jitterNs);
    }

    /** Begins an attempt. */
    public PathLink connecting(final long nowNs)
    {
        transition(PathState.CONNECTING, "connecting");
        tried = true;
        link = new PathLink(index, ++attempts);
        delivery.connected(nowNs);
        lastHeardNs = nowNs;
        return link;
    }

    /** The connection stands and says whose it is. */
    public void introduced(final long nowNs)
    {
        introducedNs = nowNs;
    }

    /** The other side has taken the connection into the session. */
    public void welcomed(final long nowNs)
    {
        transition(PathState.UP, "welcomed by " + link.connection().remote());
        lastHeardNs = nowNs;
        connections++;
        trips.connected(nowNs);
        trips.sample(Math.max(1, nowNs - introducedNs), 0, nowNs);
        heartbeats.connected();
        flaps.up(nowNs);
    }

    /** The connection is gone or given up; {@code jitterNs} spreads the next attempt. */
    public void down(final String why, final long nowNs, final long newJitterNs)
    {
        leave(why, nowNs);
        flaps.failed();
        downSinceNs = nowNs;
        jitterNs = newJitterNs;
        transition(PathState.DOWN, why);
    }

    /** Its other side is known to be there: the next attempt comes as soon as a first one would. */
    public void forgiveFailures()
    {
        flaps.forgiveFailures();
    }

    /** Anything arrived on the connection. */
    public void heard(final int lengthBytes, final long nowNs)
    {
        lastHeardNs = nowNs;
        receivedBytes += lengthBytes;
        // Who limits a line means both its directions: answers to questions are most of what comes.
        shaper.spend(index, lengthBytes, nowNs);
    }

    /** Turns an up path suspect when an answer or progress is overdue; ends it after a longer silence. */
    public void judge(final long nowNs, final LongUnaryOperator jitter)
    {
        final long silentNs = nowNs - lastHeardNs;
        if (silentNs > DEAD_NS + heartbeats.intervalNs() && link != null)
        {
            down("silent for " + TimeUnit.NANOSECONDS.toMillis(silentNs) + " ms", nowNs,
                jitter.applyAsLong(nowNs));
        }
        else if (state == PathState.UP)
        {
            final long waitingNs = heartbeats.waitingNs(nowNs);
            final long stalledNs = delivery.stalledNs();
            if (waitingNs > trips.limitNs())
            {
                suspect("no answer for " + TimeUnit.NANOSECONDS.toMillis(waitingNs) + " ms", nowNs);
            }
            else if (stalledNs > delivery.stallLimitNs(trips))
            {
                suspect("nothing arrived for " + TimeUnit.NANOSECONDS.toMillis(stalledNs) + " ms", nowNs);
            }
        }
    }

    /** Whether a heartbeat should go out now. */
    public boolean isHeartbeatDue(final long nowNs)
    {
        // A side that never reads must not fill this side's memory with questions.
        return isConnected() && link.connection().isWritable() &&
            heartbeats.isDue(delivery.isBusy() || state == PathState.SUSPECT, knownRate(), nowNs);
    }

    /** A heartbeat goes out. */
    public void heartbeatSent(final long nowNs)
    {
        heartbeats.sent(nowNs);
    }

    /** A heartbeat comes at least so often. */
    public long heartbeatIntervalNs()
    {
        return heartbeats.intervalNs();
    }

    /**
     * A heartbeat came back. One that was sent under suspicion clears it, as everything before it has arrived too.
     *
     * @param alone whether no other path is up: then one answer is enough.
     */
    public void answered(final long sentNs, final boolean alone, final long nowNs)
    {
        if (isConnected() && heartbeats.answered(sentNs))
        {
            trips.sample(Math.max(1, nowNs - sentNs), delivery.frameNs(), nowNs);
            if (state == PathState.SUSPECT && sentNs - suspectSinceNs >= 0 &&
                (++answers >= flaps.answersOwed() || alone))
            {
                flaps.up(nowNs);
                transition(PathState.UP, "answers again");
            }
        }
    }

    /** The other side has received so many bytes on this connection. */
    public void delivered(final long bytes, final long nowNs)
    {
        if (isConnected() && delivery.received(bytes, trips, nowNs))
        {
            // Whoever said so, here or on another path: a line that is in the middle of a long frame is not dead.
            lastHeardNs = nowNs;
        }
    }

    /** Whether another frame may go out now. */
    public boolean hasRoom(final long nowNs)
    {
        if (!shaper.admits(index, nowNs))
        {
            return false;
        }
        if (link.connection().isWritable() && delivery.hasRoom(trips))
        {
            return true;
        }
        delivery.full();
        return false;
    }

    /** Sends a frame that only asks whether the line is there, copied. */
    public boolean ask(final ByteBuffer buffer, final int lengthBytes, final long nowNs)
    {
        return counted(link.connection().send(buffer, 0, lengthBytes), lengthBytes, false, nowNs);
    }

    /** Sends a frame, copied. */
    public boolean send(final ByteBuffer buffer, final int offset, final int lengthBytes, final long nowNs)
    {
        return counted(link.connection().send(buffer, offset, lengthBytes), lengthBytes, true, nowNs);
    }

    /** Sends a frame that lies in two places, copied: all of the head, and a part of the tail. */
    public boolean send(
        final ByteBuffer head, final int headBytes, final ByteBuffer tail, final int tailOffset, final int tailBytes,
        final long nowNs)
    {
        return counted(
            link.connection().send(head, 0, headBytes, tail, tailOffset, tailBytes), headBytes + tailBytes, true,
            nowNs);
    }

    public void countResent()
    {
        resentFrames++;
    }

    /** Sent on this connection and not reported as received by the other side. */
    public long inFlightBytes()
    {
        return delivery.inFlightBytes();
    }

    private long knownRate()
    {
        final long limit = shaper.bytesPerSecond(index);
        final long measured = delivery.bytesPerSecond();
        return limit == 0 || measured == 0 ? Math.max(limit, measured) : Math.min(limit, measured);
    }

    private boolean counted(final boolean taken, final int lengthBytes, final boolean isData, final long nowNs)
    {
        if (taken)
        {
            delivery.sent(lengthBytes, isData, nowNs);
            shaper.spend(index, lengthBytes, nowNs);
            sentBytes += lengthBytes;
            sentFrames++;
        }
        return taken;
    }

    private void suspect(final String why, final long nowNs)
    {
        suspectSinceNs = nowNs;
        answers = 0;
        suspicions++;
        flaps.left(nowNs);
        transition(PathState.SUSPECT, why);
    }

    private void leave(final String why, final long nowNs)
    {
        if (state == PathState.UP)
        {
            flaps.left(nowNs);
        }
        if (link != null)
        {
            link.abandon(why);
        }
        link = null;
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
