package io.farblock.raidsim.md;

import io.farblock.blockdev.raid.RaidLevel;
import io.farblock.raidsim.array.ArrayShape;
import java.util.List;

/** A kind of array that is tried with md. Immutable. */
record ArrayKind(String name, ArrayShape shape, int raidDisks)
{
    static final List<ArrayKind> ALL = List.of(
        new ArrayKind("raid0", new ArrayShape(RaidLevel.RAID0, 0, 16 << 10, 0), 3),
        new ArrayKind("raid1", new ArrayShape(RaidLevel.RAID1, 0, 0, 64 << 10), 2),
        new ArrayKind("raid5", new ArrayShape(RaidLevel.RAID5, 2, 64 << 10, 64 << 10), 3),
        new ArrayKind("raid5-4", new ArrayShape(RaidLevel.RAID5, 2, 4 << 10, 0), 4),
        new ArrayKind("raid6", new ArrayShape(RaidLevel.RAID6, 2, 16 << 10, 0), 4),
        new ArrayKind("raid6-5", new ArrayShape(RaidLevel.RAID6, 2, 32 << 10, 16 << 10), 5),
        new ArrayKind("raid10-n2", new ArrayShape(RaidLevel.RAID10, 0x102, 64 << 10, 64 << 10), 4),
        new ArrayKind("raid10-n2-odd", new ArrayShape(RaidLevel.RAID10, 0x102, 64 << 10, 0), 3),
        new ArrayKind("raid10-n3", new ArrayShape(RaidLevel.RAID10, 0x103, 8 << 10, 64 << 10), 5),
        new ArrayKind("raid10-f2", new ArrayShape(RaidLevel.RAID10, 0x201, 64 << 10, 0), 4),
        new ArrayKind("raid10-f2-odd", new ArrayShape(RaidLevel.RAID10, 0x201, 32 << 10, 64 << 10), 3),
        new ArrayKind("raid10-o2", new ArrayShape(RaidLevel.RAID10, 0x10201, 16 << 10, 0), 4),
        new ArrayKind("raid10-o2-odd", new ArrayShape(RaidLevel.RAID10, 0x10201, 64 << 10, 128 << 10), 3));

    boolean canLoseOne()
    {
        return shape.level() != RaidLevel.RAID0;
    }

    @Override
    public String toString()
    {
        return name;
    }
}
