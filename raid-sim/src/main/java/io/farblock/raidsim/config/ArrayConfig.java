package io.farblock.raidsim.config;

import io.farblock.raidsim.array.ArrayShape;
import io.farblock.raidsim.plan.PlanDisk;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

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
 * @param journal             what closes the write hole; null for none. To plans it is one more disk, the last.
 */
public record ArrayConfig(Path file, String name, ArrayShape shape, long limitBytesPerSecond, Path plan, Path log,
    List<DiskConfig> disks, DiskConfig journal)
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

    /** All images: the disks, then the journal if there is one. */
    public List<DiskConfig> images()
    {
        return Stream.concat(disks.stream(), Stream.ofNullable(journal)).toList();
    }

    /** The images as a plan has to know them. */
    public List<PlanDisk> planDisks()
    {
        return images().stream().map((disk) -> new PlanDisk(disk.name(), disk.sizeBytes())).toList();
    }
}
