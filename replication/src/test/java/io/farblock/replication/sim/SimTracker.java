package io.farblock.replication.sim;

import io.farblock.blockdev.dirty.DirtyMap;
import io.farblock.blockdev.dirty.Gap;
import io.farblock.blockdev.dirty.MarkedTracker;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** A process's view of the kernel's marks. Every use may be the process's last, before it or half way. */
final class SimTracker implements MarkedTracker
{
    private final SimMarks marks;
    private final SimHost host;
    private final long sizeBytes;
    private final boolean takenOver;

    SimTracker(final SimDisk disk, final SimHost host)
    {
        this.marks = disk.marks;
        this.sizeBytes = disk.sizeBytes;
        this.host = host;
        this.takenOver = marks.isAttached();
        marks.attach();
    }

    @Override
    public long sizeBytes()
    {
        return sizeBytes;
    }

    @Override
    public boolean takenOver()
    {
        return takenOver;
    }

    @Override
    public boolean peek(final long firstGroup, final long[] words)
    {
        Arrays.fill(words, 0);
        final BitSet all = (BitSet)marks.dirty.clone();
        all.or(marks.pending);
        final int perUnit = UNIT_BYTES / DirtyMap.GRANULE_BYTES;
        final long first = firstGroup * WORDS_PER_GROUP * 64;
        all.stream().mapToLong(granule -> granule / perUnit - first).filter(
            unit -> unit >= 0 && unit < words.length * 64L).forEach(unit -> words[(int)unit / 64] |= 1L << unit % 64);
        return !all.isEmpty();
    }

    @Override
    public void mark(final long offsetBytes, final long lengthBytes)
    {
        host.burnOrDie();
        final long end = Math.min(sizeBytes, offsetBytes + lengthBytes);
        marks.dirty.set((int)(offsetBytes / DirtyMap.GRANULE_BYTES), (int)((end - 1) / DirtyMap.GRANULE_BYTES) + 1);
    }

    @Override
    public int harvest(final DirtyMap epoch)
    {
        host.burnOrDie();
        marks.dirty.stream().forEach(granule -> epoch.mark((long)granule * DirtyMap.GRANULE_BYTES, 1));
        marks.pending.or(marks.dirty);
        marks.dirty.clear();
        host.burnOrDie();
        return 0;
    }

    @Override
    public void putBack(final DirtyMap epoch)
    {
        host.burnOrDie();
        for (long granule = epoch.next(0); granule >= 0; granule = epoch.next(granule + 1))
        {
            marks.dirty.set((int)granule);
        }
        host.burnOrDie();
        marks.pending.clear();
    }

    @Override
    public void carry(final DirtyMap granules)
    {
        host.burnOrDie();
        for (long granule = granules.next(0); granule >= 0; granule = granules.next(granule + 1))
        {
            marks.dirty.set((int)granule);
        }
    }

    @Override
    public boolean isStill()
    {
        return marks.dirty.isEmpty();
    }

    @Override
    public void sealed()
    {
        host.burnOrDie();
        marks.pending.clear();
    }

    @Override
    public List<Gap> gaps()
    {
        return List.copyOf(marks.gaps);
    }

    @Override
    public boolean closeGap(final Gap gap)
    {
        host.burnOrDie();
        return marks.gaps.remove(gap);
    }

    @Override
    public void close()
    {
        // The kernel goes on marking.
    }
}
