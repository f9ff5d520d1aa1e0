package io.farblock.replication.sim;

import io.farblock.blockdev.dirty.DirtyMap;
import io.farblock.blockdev.dirty.DirtyTracker;
import io.farblock.blockdev.dirty.Gap;
import java.util.List;

/** A process's view of the kernel's marks. Every use may be the process's last, before it or half way. */
final class SimTracker implements DirtyTracker
{
    private final SimMarks marks;
    private final SimHost host;

    SimTracker(final SimMarks marks, final SimHost host)
    {
        this.marks = marks;
        this.host = host;
        marks.attach();
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
