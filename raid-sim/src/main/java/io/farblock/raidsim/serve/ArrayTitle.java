package io.farblock.raidsim.serve;

import io.farblock.blockdev.raid.RaidLevel;
import io.farblock.raidsim.md.ArrayDescription;

/** What kind of array it is, in one line: "RAID 10 on 4 disks, near=2, chunks of 64 KiB, holds 2 MiB". Stateless. */
public final class ArrayTitle
{
    private static final int OFFSET_BIT = 0x10000;

    private ArrayTitle()
    {
    }

    public static String of(final ArrayDescription array)
    {
        return "RAID " + array.level().number() + " on " + array.raidDisks() + " disks" +
            (array.level() == RaidLevel.RAID10 ? ", " + copies(array.layout()) : "") +
            (array.chunkBytes() > 0 ? ", chunks of " + SizeText.of(array.chunkBytes()) : "") +
            (array.bitmapChunkBytes() > 0 ? ", bitmap of " + SizeText.of(array.bitmapChunkBytes()) : "") +
            ", holds " + SizeText.of(array.arrayBytes());
    }

    /** As the array file has it. */
    private static String copies(final int layout)
    {
        final int near = layout & 0xff;
        final int far = layout >> 8 & 0xff;
        return far == 1 ? "near=" + near : ((layout & OFFSET_BIT) != 0 ? "offset=" : "far=") + far;
    }
}
