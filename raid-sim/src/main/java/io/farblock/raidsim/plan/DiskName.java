package io.farblock.raidsim.plan;

import java.util.List;
import java.util.stream.Collectors;

/** How a plan names disks: by number from 0, or by name. Stateless. */
final class DiskName
{
    private DiskName()
    {
    }

    /** The number of a disk, or -1. */
    static int find(final String text, final List<PlanDisk> disks)
    {
        for (int i = 0; i < disks.size(); i++)
        {
            if (disks.get(i).name().equals(text) || String.valueOf(i).equals(text))
            {
                return i;
            }
        }
        return -1;
    }

    static String expected(final List<PlanDisk> disks)
    {
        return "a disk from 0 to " + (disks.size() - 1) + ", or one of " +
            disks.stream().map(PlanDisk::name).collect(Collectors.joining(", "));
    }
}
