package io.farblock.replication.shaping;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.EpochClock;

/**
 * Holds all that goes to one peer to its limits: a bucket for the peer and one for each path, with the rates that the
 * calendar says. A frame goes out only when both admit it; whatever went out, admitted or not, is paid by both.
 *
 * <p>Thread: the one that sends, but for {@link #replace} and {@link #bytesPerSecond}, which are anybody's. The wall
 * clock is looked at once a second, so new limits and a clock that was put right take effect within one; allocates only
 * when a rate changes.
 */
public final class Shaper
{
    private static final long LOOK_NS = TimeUnit.SECONDS.toNanos(1);

    private final List<String> pathNames;
    private final EpochClock wall;
    private final ZoneId zone;
    private final Limit peer;
    private final Limit[] paths;
    private volatile PeerLimits wanted;
    private PeerLimits current;
    private long lookedNs;

    /** @param pathNames in the order of their indexes. */
    public Shaper(
        final PeerLimits limits,
        final List<String> pathNames,
        final EpochClock wall,
        final ZoneId zone,
        final long nowNs)
    {
        this.pathNames = List.copyOf(pathNames);
        this.wall = wall;
        this.zone = zone;
        this.peer = new Limit(nowNs);
        this.paths = new Limit[pathNames.size()];
        for (int i = 0; i < paths.length; i++)
        {
            paths[i] = new Limit(nowNs);
        }
        this.wanted = limits;
        look(nowNs);
    }

    /** New limits, from any thread. What is in the buckets stays: nobody is forgiven a debt by a reload. */
    public void replace(final PeerLimits limits)
    {
        wanted = limits;
    }

    /** Whether a frame may go out on the path now. */
    public boolean admits(final int pathIndex, final long nowNs)
    {
        lookIfDue(nowNs);
        return peer.bucket.admits(nowNs) && paths[pathIndex].bucket.admits(nowNs);
    }

    /** So much went out on the path. */
    public void spend(final int pathIndex, final int bytes, final long nowNs)
    {
        lookIfDue(nowNs);
        peer.bucket.spend(bytes, nowNs);
        paths[pathIndex].bucket.spend(bytes, nowNs);
    }

    /** The earliest time at which some path admits a frame, by the rates of now; {@code nowNs} when one does. */
    public long nextAdmitNs(final long nowNs)
    {
        lookIfDue(nowNs);
        long leastNs = Long.MAX_VALUE;
        for (int i = 0; i < paths.length; i++)
        {
            leastNs = Math.min(leastNs, paths[i].bucket.waitNs(nowNs));
        }
        return nowNs + Math.max(peer.bucket.waitNs(nowNs), leastNs);
    }

    /** What a path may carry now if it alone carries: the lesser of its own limit and the peer's; 0 is no limit. */
    public long bytesPerSecond(final int pathIndex)
    {
        final long own = paths[pathIndex].bucket.bytesPerSecond();
        final long whole = peer.bucket.bytesPerSecond();
        return own == 0 || whole == 0 ? Math.max(own, whole) : Math.min(own, whole);
    }

    private void lookIfDue(final long nowNs)
    {
        if (nowNs - lookedNs >= LOOK_NS)
        {
            look(nowNs);
        }
    }

    private void look(final long nowNs)
    {
        lookedNs = nowNs;
        final PeerLimits limits = wanted;
        if (limits != current)
        {
            current = limits;
            peer.replace(limits.whole());
            for (int i = 0; i < paths.length; i++)
            {
                paths[i].replace(limits.path(pathNames.get(i)));
            }
        }
        final long wallMs = wall.time();
        peer.keep(wallMs, zone, nowNs);
        for (int i = 0; i < paths.length; i++)
        {
            paths[i].keep(wallMs, zone, nowNs);
        }
    }

    /** A calendar, the stretch of it that is known, and its bucket. The sending thread's. */
    private static final class Limit
    {
        private final TokenBucket bucket;
        private RateSchedule schedule;
        private long heldFromMs;
        private long heldUntilMs;

        Limit(final long nowNs)
        {
            bucket = new TokenBucket(nowNs);
        }

        void replace(final RateSchedule next)
        {
            schedule = next;
            heldUntilMs = heldFromMs;
        }

        /** Asks the calendar only outside the known stretch, also when the clock was put back before it. */
        void keep(final long wallMs, final ZoneId zone, final long nowNs)
        {
            if (wallMs < heldFromMs || wallMs >= heldUntilMs)
            {
                final ZonedDateTime time = Instant.ofEpochMilli(wallMs).atZone(zone);
                heldFromMs = wallMs;
                heldUntilMs = schedule.heldUntil(time).toInstant().toEpochMilli();
                bucket.setRate(schedule.bytesPerSecondAt(time), nowNs);
            }
        }
    }
}
