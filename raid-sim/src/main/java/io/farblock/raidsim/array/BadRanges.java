package io.farblock.raidsim.array;

import io.farblock.blockdev.raid.ByteRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Stretches of a member whose content is known to be wrong, though they can be read: what could not be rebuilt, or was
 * left behind by a write that failed. They answer an error until they are written again. Disjoint, merged where they
 * touch. Thread safe.
 */
final class BadRanges
{
    /** First byte to end. */
    private final TreeMap<Long, Long> ends = new TreeMap<>();
    /** Read without the lock by the many who find nothing. */
    private volatile boolean any;

    synchronized void add(final long from, final long to)
    {
        final Map.Entry<Long, Long> before = ends.floorEntry(from);
        long first = from;
        long last = to;
        if (before != null && before.getValue() >= from)
        {
            first = before.getKey();
        }
        Map.Entry<Long, Long> next = ends.ceilingEntry(first);
        while (next != null && next.getKey() <= last)
        {
            last = Math.max(last, next.getValue());
            ends.remove(next.getKey());
            next = ends.ceilingEntry(first);
        }
        ends.put(first, last);
        any = true;
    }

    /** Says whether anything was taken away. */
    synchronized boolean remove(final long from, final long to)
    {
        boolean removed = false;
        Map.Entry<Long, Long> range = ends.lowerEntry(to);
        while (range != null && range.getValue() > from)
        {
            ends.remove(range.getKey());
            if (range.getValue() > to)
            {
                ends.put(to, range.getValue());
            }
            if (range.getKey() < from)
            {
                ends.put(range.getKey(), from);
            }
            removed = true;
            range = ends.lowerEntry(Math.min(to, range.getKey()));
        }
        any = !ends.isEmpty();
        return removed;
    }

    boolean touches(final long from, final long to)
    {
        return any && touchesAny(from, to);
    }

    private synchronized boolean touchesAny(final long from, final long to)
    {
        final Map.Entry<Long, Long> range = ends.lowerEntry(to);
        return range != null && range.getValue() > from;
    }

    /** The first byte from this one on that is in a range, or {@link Long#MAX_VALUE}. */
    long next(final long from)
    {
        return any ? nextOfAny(from) : Long.MAX_VALUE;
    }

    private synchronized long nextOfAny(final long from)
    {
        final Map.Entry<Long, Long> before = ends.floorEntry(from);
        final Long next = ends.ceilingKey(from);
        return before != null && before.getValue() > from ? from : next != null ? next : Long.MAX_VALUE;
    }

    boolean isEmpty()
    {
        return !any;
    }

    synchronized List<ByteRange> ranges()
    {
        final List<ByteRange> ranges = new ArrayList<>();
        ends.forEach((from, to) -> ranges.add(new ByteRange(from, to - from)));
        return ranges;
    }
}
