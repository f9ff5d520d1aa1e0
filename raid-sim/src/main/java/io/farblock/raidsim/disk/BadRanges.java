package io.farblock.raidsim.disk;

import java.util.ArrayList;
import java.util.List;

/**
 * The places of a disk where one kind of fault is. Ranges of different faults may overlap; each is cut down as its
 * sectors are written again. Guarded by the disk's lock.
 */
final class BadRanges
{
    private final List<BadRange> ranges = new ArrayList<>();
    private final long sectorBytes;

    BadRanges(final long sectorBytes)
    {
        this.sectorBytes = sectorBytes;
    }

    /** Every sector that the fault touches. */
    void add(final DiskFault.Ranged fault)
    {
        final long end = fault.offsetBytes() + fault.lengthBytes();
        ranges.add(new BadRange(fault, fault.offsetBytes() / sectorBytes * sectorBytes,
            (end + sectorBytes - 1) / sectorBytes * sectorBytes));
    }

    void remove(final DiskFault fault)
    {
        ranges.removeIf(range -> range.fault == fault);
    }

    int size()
    {
        return ranges.size();
    }

    /** One of them, in no particular order. */
    BadRange get(final int index)
    {
        return ranges.get(index);
    }

    /** The range in which the first bad sector from {@code from} up to {@code to} lies, or null. */
    BadRange first(final long from, final long to)
    {
        BadRange first = null;
        for (int i = 0; i < ranges.size(); i++)
        {
            final BadRange range = ranges.get(i);
            if (range.touches(from, to) && (first == null || range.from < first.from))
            {
                first = range;
            }
        }
        return first;
    }

    /** Leaves what is bad when everything from {@code from} up to {@code to} has been written again. */
    void mend(final long from, final long to)
    {
        for (int i = ranges.size() - 1; i >= 0 && from < to; i--)
        {
            final BadRange range = ranges.get(i);
            if (range.touches(from, to))
            {
                ranges.remove(i);
                if (range.from < from)
                {
                    ranges.add(i, new BadRange(range.fault, range.from, from));
                }
                if (to < range.to)
                {
                    ranges.add(i, new BadRange(range.fault, to, range.to));
                }
            }
        }
    }

    /** Whole sectors from {@code from} up to {@code to} that a fault has made bad. Immutable. */
    record BadRange(DiskFault fault, long from, long to)
    {
        boolean touches(final long otherFrom, final long otherTo)
        {
            return from < otherTo && otherFrom < to;
        }
    }
}
