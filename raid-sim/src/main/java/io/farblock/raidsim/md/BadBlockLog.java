package io.farblock.raidsim.md;

import static io.farblock.raidsim.md.ArrayDescription.SECTOR_BYTES;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.Errno;
import io.farblock.blockdev.raid.ByteRange;
import io.farblock.blockdev.raid.MdSuperblock;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The list of a member's sectors whose content is not to be used, in a page behind the bitmap. Stateless, on
 * the calling thread.
 *
 * <pre>
 *   u64 sector of the disk &lt;&lt; 10 | sectors, 1 to 512; … ; all bits set where the list ends
 * </pre>
 *
 * It counts only with {@link MdSuperblock#FEATURE_BAD_BLOCKS}, and is written before the superblock that says so.
 */
final class BadBlockLog
{
    static final int BYTES = 4096;

    private static final int ENTRIES = BYTES / Long.BYTES;
    private static final int MOST_SECTORS = 512;
    private static final int LENGTH_BITS = 10;

    private BadBlockLog()
    {
    }

    /**
     * Writes ranges of the member's data, each widened to sectors.
     *
     * @return >= 0, or -errno; -ENOSPC when there are more than the list holds.
     */
    static int write(
        final BlockDevice member, final long at, final long dataOffsetBytes, final List<ByteRange> ranges)
    {
        final ByteBuffer page = AlignedBuffers.allocate(BYTES);
        int entry = 0;
        for (final ByteRange range : ranges)
        {
            final long begin = dataOffsetBytes + range.offsetBytes();
            final long end = (begin + range.lengthBytes() + SECTOR_BYTES - 1) / SECTOR_BYTES;
            for (long sector = begin / SECTOR_BYTES; sector < end; sector += MOST_SECTORS)
            {
                if (entry == ENTRIES)
                {
                    return -Errno.ENOSPC;
                }
                page.putLong(Long.BYTES * entry++, sector << LENGTH_BITS | Math.min(MOST_SECTORS, end - sector));
            }
        }
        for (; entry < ENTRIES; entry++)
        {
            page.putLong(Long.BYTES * entry, -1);
        }
        return member.write(at, page, 0, BYTES);
    }

    /** The ranges of the member's data that are listed, or null when the list cannot be read or is nonsense. */
    static List<ByteRange> read(final BlockDevice member, final MdSuperblock superblock)
    {
        final long at = (superblock.sector() + superblock.details().badBlockOffset()) * SECTOR_BYTES;
        final ByteBuffer page = AlignedBuffers.allocate(BYTES);
        if (superblock.details().badBlockSectors() * SECTOR_BYTES != BYTES || at % BYTES != 0 || at < 0 ||
            at > member.geometry().sizeBytes() - BYTES || member.read(at, page, 0, BYTES) < 0)
        {
            return null;
        }
        final int shift = superblock.details().badBlockShift();
        final List<ByteRange> ranges = new ArrayList<>();
        for (int entry = 0; entry < ENTRIES && page.getLong(Long.BYTES * entry) != -1; entry++)
        {
            final long value = page.getLong(Long.BYTES * entry);
            final long sector = (value >>> LENGTH_BITS << shift) - superblock.dataOffset();
            final long count = (value & (1 << LENGTH_BITS) - 1) << shift;
            if (sector < 0 || count < 1 || sector > superblock.dataSectors() - count)
            {
                return null;
            }
            ranges.add(new ByteRange(sector * SECTOR_BYTES, count * SECTOR_BYTES));
        }
        return ranges;
    }
}
