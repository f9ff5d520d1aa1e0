package io.farblock.raidsim.config;

import io.farblock.raidsim.array.ArrayShape;
import io.farblock.raidsim.plan.PlanDisk;
import java.nio.file.Path;
import java.util.List;

/**
 * An array as its file describes it, checked. An immutable value; paths are absolute.
 *
 * @param file                where it was read.
 * @param name                the array's.
 * @param shape               level, layout, chunk and bitmap.
 * @param limitBytesPerSecond of rebuilds, resyncs and scrubs; 0 for none.
 * @param plan                the fault plan; null for none.
 * @param log                 where faults are recorded; null for nowhere.
 * @param disks               in the file's order, which is also how plans number them.
 */
public record ArrayConfig(Path file, String name, ArrayShape shape, long limitBytesPerSecond, Path plan, Path log,
    List<DiskConfig> disks)
{
    public ArrayConfig
    {
        disks = List.copyOf(disks);
    }

    /** How many disks hold data. */
    public int slots()
    {
        return (int)disks.stream().filter((disk) -> !disk.isSpare()).count();
    }

    /** The disks as a plan has to know them. */
    public List<PlanDisk> planDisks()
    {
        return disks.stream().map((disk) -> new PlanDisk(disk.name(), disk.sizeBytes())).toList();
    }
}
