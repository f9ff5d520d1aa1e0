package io.farblock.replication.marks;

import io.farblock.blockdev.dirty.DirtyMap;
import io.farblock.blockdev.dirty.Gap;
import io.farblock.blockdev.dirty.GapCause;
import io.farblock.blockdev.dirty.MarkedTracker;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** A tracker whose kernel is two bit sets, in units of 64 KiB. One thread. */
public final class FakeMarks implements MarkedTracker
{
    public final BitSet live = new BitSet();
    public final BitSet pending = new BitSet();
    final List<Gap> gaps = new ArrayList<>();
    /** Done at every look. */
    public Runnable onPeek = () -> { };
    boolean takenOver;
    boolean closed;
    private final long sizeBytes;

    public FakeMarks(final long sizeBytes)
    {
        this.sizeBytes = sizeBytes;
    }

    /** As after a boot. */
    public static FakeMarks booted(final long sizeBytes)
    {
        final FakeMarks marks = new FakeMarks(sizeBytes);
        marks.gaps.add(new Gap(GapCause.ATTACHED, 0, 1, 1, 0, sizeBytes));
        marks.gaps.add(new Gap(GapCause.BUSY_ATTACH, 0, 1, 1, 0, sizeBytes));
        return marks;
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
        onPeek.run();
        Arrays.fill(words, 0);
        final long first = firstGroup * WORDS_PER_GROUP * 64;
        final BitSet all = (BitSet)live.clone();
        all.or(pending);
        for (int unit = all.nextSetBit(0); unit >= 0; unit = all.nextSetBit(unit + 1))
        {
            if (unit >= first && unit < first + words.length * 64L)
            {
                words[(int)((unit - first) / 64)] |= 1L << (unit - first) % 64;
            }
        }
        return !all.isEmpty();
    }

    @Override
    public void mark(final long offsetBytes, final long lengthBytes)
    {
        final long end = Math.min(sizeBytes, offsetBytes + lengthBytes);
        live.set((int)(offsetBytes / UNIT_BYTES), (int)((end + UNIT_BYTES - 1) / UNIT_BYTES));
    }

    @Override
    public void carry(final DirtyMap granules)
    {
        for (long granule = granules.next(0); granule >= 0; granule = granules.next(granule + 1))
        {
            live.set((int)(granule * DirtyMap.GRANULE_BYTES / UNIT_BYTES));
        }
    }

    @Override
    public boolean isStill()
    {
        return live.isEmpty();
    }

    @Override
    public int harvest(final DirtyMap epoch)
    {
        pending.or(live);
        live.clear();
        return 0;
    }

    @Override
    public void putBack(final DirtyMap epoch)
    {
        live.or(pending);
        pending.clear();
    }

    @Override
    public void sealed()
    {
        pending.clear();
    }

    @Override
    public List<Gap> gaps()
    {
        return List.copyOf(gaps);
    }

    @Override
    public boolean closeGap(final Gap gap)
    {
        return gap.hasEnded() && gaps.remove(gap);
    }

    @Override
    public void close()
    {
        closed = true;
    }
}
