package io.farblock.raidsim.disk;

import java.util.Arrays;

/** The requests that a disk has accepted and not finished, as far as it looks at them. Guarded by the disk's lock. */
final class InFlight
{
    private final long[] doneNs;
    private int next;

    InFlight(final int depth)
    {
        doneNs = new long[depth];
        Arrays.fill(doneNs, Long.MIN_VALUE);
    }

    void add(final long doneAtNs)
    {
        doneNs[next] = doneAtNs;
        next = (next + 1) % doneNs.length;
    }

    /** How many are not done now, at most one less than the depth: the place of the one that asks. */
    int size(final long nowNs)
    {
        int size = 0;
        for (final long at : doneNs)
        {
            size += at > nowNs ? 1 : 0;
        }
        return Math.min(size, doneNs.length - 1);
    }
}
