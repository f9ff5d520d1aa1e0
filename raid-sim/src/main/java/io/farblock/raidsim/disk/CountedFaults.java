package io.farblock.raidsim.disk;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The faults that wait for a request of their kind, each with how often it still strikes. Guarded by the disk's lock.
 */
final class CountedFaults
{
    private final List<Waiting> waiting = new ArrayList<>();

    void add(final DiskFault.Counted fault)
    {
        waiting.add(new Waiting(fault));
    }

    void remove(final DiskFault fault)
    {
        waiting.removeIf(one -> one.fault == fault);
    }

    /** The oldest fault of a kind that waits, or null; it goes on waiting. */
    Waiting next(final Class<? extends DiskFault.Counted> kind)
    {
        for (int i = 0; i < waiting.size(); i++)
        {
            if (kind.isInstance(waiting.get(i).fault))
            {
                return waiting.get(i);
            }
        }
        return null;
    }

    /** The fault strikes; after the last time it is gone. */
    void strike(final Waiting one)
    {
        one.left--;
        if (one.left == 0)
        {
            waiting.remove(one);
        }
    }

    /** One fault, what is left of it, and the chance in it; guarded as its owner is. */
    static final class Waiting
    {
        final DiskFault.Counted fault;
        final SplittableRandom random;
        private int left;

        Waiting(final DiskFault.Counted fault)
        {
            this.fault = fault;
            this.left = fault.times();
            this.random = new SplittableRandom(fault instanceof DiskFault.TornWrites torn ? torn.seed() : 0);
        }
    }
}
