package io.farblock.raidsim.disk;

import java.util.ArrayList;
import java.util.List;

/**
 * One power line for several disks: when it is cut, all of them stop at the same moment, each in whatever it does. So
 * nobody can find one disk gone and tell the others, as happens when disks fail one by one. Stateless; any thread that
 * holds no disk's lock.
 */
public final class PowerRail
{
    private PowerRail()
    {
    }

    /**
     * Takes the power from all; what each keeps, a seed of its own decides: the given one plus its number here.
     *
     * @return what happened to each, in their order.
     * @throws IllegalStateException as {@link SimDisk#powerCut} does.
     */
    public static List<PowerCut> cut(final List<SimDisk> disks, final long seed)
    {
        final List<PowerCut> cuts = new ArrayList<>();
        cutHolding(0, disks, seed, cuts);
        return cuts;
    }

    /** A request holds the lock of one disk: whoever holds all of them stands between two requests everywhere. */
    private static void cutHolding(
        final int held, final List<SimDisk> disks, final long seed, final List<PowerCut> cuts)
    {
        if (held < disks.size())
        {
            synchronized (disks.get(held))
            {
                cutHolding(held + 1, disks, seed, cuts);
            }
            return;
        }
        for (int number = 0; number < disks.size(); number++)
        {
            cuts.add(disks.get(number).powerCut(seed + number));
        }
    }
}
