package io.farblock.raidsim.md;

import io.farblock.blockdev.raid.RaidLevel;
import java.util.List;
import java.util.UUID;

/** A shape of array that is tried with md. Immutable. */
record ArrayKind(String name, RaidLevel level, int layout, int chunkBytes, int raidDisks, long bitmapChunkBytes)
{
    /** What every member has; not a whole number of the larger chunks. */
    static final long MEMBER_BYTES = (3 << 20) + (12 << 10);
    static final long DATA_OFFSET_BYTES = 512 << 10;

    static final List<ArrayKind> ALL = List.of(
        new ArrayKind("raid0", RaidLevel.RAID0, 1, 16 << 10, 3, 0),
        new ArrayKind("raid1", RaidLevel.RAID1, 0, 0, 2, 64 << 10),
        new ArrayKind("raid5", RaidLevel.RAID5, 2, 64 << 10, 3, 64 << 10),
        new ArrayKind("raid5-4", RaidLevel.RAID5, 2, 4 << 10, 4, 0),
        new ArrayKind("raid6", RaidLevel.RAID6, 2, 16 << 10, 4, 0),
        new ArrayKind("raid6-5", RaidLevel.RAID6, 2, 32 << 10, 5, 16 << 10),
        new ArrayKind("raid10-n2", RaidLevel.RAID10, 0x102, 64 << 10, 4, 64 << 10),
        new ArrayKind("raid10-n2-odd", RaidLevel.RAID10, 0x102, 64 << 10, 3, 0),
        new ArrayKind("raid10-n3", RaidLevel.RAID10, 0x103, 8 << 10, 5, 64 << 10),
        new ArrayKind("raid10-f2", RaidLevel.RAID10, 0x201, 64 << 10, 4, 0),
        new ArrayKind("raid10-f2-odd", RaidLevel.RAID10, 0x201, 32 << 10, 3, 64 << 10),
        new ArrayKind("raid10-o2", RaidLevel.RAID10, 0x10201, 16 << 10, 4, 0),
        new ArrayKind("raid10-o2-odd", RaidLevel.RAID10, 0x10201, 64 << 10, 3, 128 << 10));

    ArrayDescription description(final UUID array)
    {
        final long unit = chunkBytes == 0 ? 512 : chunkBytes;
        return new ArrayDescription(array, "sim:" + name, 1_700_000_000, level, layout, chunkBytes, raidDisks,
            (MEMBER_BYTES - DATA_OFFSET_BYTES) / unit * unit, bitmapChunkBytes);
    }

    boolean canLoseOne()
    {
        return level != RaidLevel.RAID0;
    }

    @Override
    public String toString()
    {
        return name;
    }
}
