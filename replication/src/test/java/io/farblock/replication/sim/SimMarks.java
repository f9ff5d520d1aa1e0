package io.farblock.replication.sim;

import io.farblock.blockdev.dirty.DirtyMap;
import io.farblock.blockdev.dirty.Gap;
import io.farblock.blockdev.dirty.GapCause;
import io.farblock.blockdev.raid.ByteRange;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What the kernel of a machine knows of one disk: outlives processes, and is gone when the power is. Below the disk is
 * an array, whose bitmap is not: it names what was written in the last seconds before the power went.
 */
final class SimMarks
{
    static final long TIME_BASE_S = 5;

    final BitSet dirty = new BitSet();
    /** Harvested by some process and not sealed. */
    final BitSet pending = new BitSet();
    final List<Gap> gaps = new ArrayList<>();
    private final long sizeBytes;
    private final Deque<Written> recent = new ArrayDeque<>();
    private List<ByteRange> bitmap = List.of();
    private LongSupplier clock = () -> 0;
    private boolean attached;
    private boolean unfollowed;

    /** A write, and when it was. */
    private record Written(long timeNs, ByteRange range)
    {
    }

    SimMarks(final long sizeBytes)
    {
        this.sizeBytes = sizeBytes;
    }

    void clock(final LongSupplier nanoTime)
    {
        clock = nanoTime;
    }

    boolean isAttached()
    {
        return attached;
    }

    /** Whether anything was written since the power came back and before a process followed the disk. */
    boolean isWrittenUnfollowed()
    {
        return unfollowed;
    }

    /** What the array's bitmap names since the power came back. */
    List<ByteRange> bitmap()
    {
        return bitmap;
    }

    /** A process begins to follow the disk, or goes on where another was. */
    void attach()
    {
        if (!attached)
        {
            attached = true;
            gaps.add(new Gap(GapCause.ATTACHED, 0, 1, 1, 0, sizeBytes));
        }
        dirty.or(pending);
        pending.clear();
    }

    /** Whether or not a program ran. */
    void reachedTheArray(final long offsetBytes, final long lengthBytes)
    {
        unfollowed |= !attached;
        recent.add(new Written(clock.getAsLong(), new ByteRange(offsetBytes, lengthBytes)));
        forgetOld();
    }

    private void forgetOld()
    {
        while (!recent.isEmpty() &&
            clock.getAsLong() - recent.peek().timeNs() > TimeUnit.SECONDS.toNanos(TIME_BASE_S))
        {
            recent.poll();
        }
    }

    void written(final long offsetBytes, final long lengthBytes)
    {
        reachedTheArray(offsetBytes, lengthBytes);
        if (attached)
        {
            dirty.set((int)(offsetBytes / DirtyMap.GRANULE_BYTES),
                (int)((offsetBytes + lengthBytes - 1) / DirtyMap.GRANULE_BYTES) + 1);
        }
    }

    /** A write was not seen, which was noticed. */
    void missed()
    {
        if (attached)
        {
            final Gap known = gaps.stream().filter(gap -> gap.cause() == GapCause.SKIPPED_RUNS).findFirst()
                .orElse(new Gap(GapCause.SKIPPED_RUNS, 1, 1, 0, 0, sizeBytes));
            gaps.remove(known);
            gaps.add(new Gap(GapCause.SKIPPED_RUNS, 1, 1, known.count() + 1, 0, sizeBytes));
        }
    }

    void loseAll()
    {
        forgetOld();
        bitmap = recent.stream().map(Written::range).toList();
        recent.clear();
        unfollowed = false;
        attached = false;
        dirty.clear();
        pending.clear();
        gaps.clear();
    }
}
