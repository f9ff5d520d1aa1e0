package io.farblock.replication.sim;

import io.farblock.blockdev.dirty.DirtyMap;
import io.farblock.blockdev.dirty.Gap;
import io.farblock.blockdev.dirty.GapCause;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** What the kernel of a machine knows of one disk: outlives processes, and is gone when the power is. */
final class SimMarks
{
    final BitSet dirty = new BitSet();
    /** Harvested by some process and not sealed. */
    final BitSet pending = new BitSet();
    final List<Gap> gaps = new ArrayList<>();
    private final long sizeBytes;
    private boolean attached;

    SimMarks(final long sizeBytes)
    {
        this.sizeBytes = sizeBytes;
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

    void written(final long offsetBytes, final long lengthBytes)
    {
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
        attached = false;
        dirty.clear();
        pending.clear();
        gaps.clear();
    }
}
