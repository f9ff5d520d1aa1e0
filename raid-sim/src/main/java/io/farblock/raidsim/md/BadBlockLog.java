package io.farblock.raidsim.md;

import static io.farblock.raidsim.md.ArrayDescription.SECTOR_BYTES;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.Errno;
import io.farblock.blockdev.raid.ByteRange;
import io.farblock.blockdev.raid.MdSuperblock;
import io.farblock.blockdev.raid.MemberDetails;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The log of a member's stretches whose content is known to be wrong: one page of entries, little-endian.
 *
 * <pre>
 *   u64  bits 0-9 how many sectors, 1 to 512; bits 10-63 the first one, of the disk, not of its data
 *   all ones: no entry here or behind
 * </pre>
 *
 * Ranges count bytes of the member's data. Stateless, on the calling thread.
 */
final class BadBlockLog
{
    static final int LENGTH = 4096;

    private static final int ENTRY_BYTES = 8;
    private static final int MAX_SECTORS = 512;
    private static final int LENGTH_BITS = 10;
    private static final long NONE = -1;
    /** Beyond it an offset in bytes would overflow. */
    private static final int MAX_SHIFT = 20;

    private BadBlockLog()
    {
    }

    /** The log of these ranges, each widened to sectors; null if they are more than fit. */
    static ByteBuffer of(final List<ByteRange> ranges, final long dataOffsetBytes)
    {
        final ByteBuffer bytes = AlignedBuffers.allocate(LENGTH);
        for (final ByteRange range : ranges)
        {
            final long begin = dataOffsetBytes + range.offsetBytes();
            final long end = (begin + range.lengthBytes() + SECTOR_BYTES - 1) / SECTOR_BYTES;
            for (long sector = begin / SECTOR_BYTES; sector < end; sector += MAX_SECTORS)
            {
                if (!bytes.hasRemaining())
                {
                    return null;
                }
                bytes.putLong(sector << LENGTH_BITS | Math.min(MAX_SECTORS, end - sector));
            }
        }
        while (bytes.hasRemaining())
        {
            bytes.putLong(NONE);
        }
        return bytes;
    }

    /**
     * What the log of a member names of its data.
     *
     * @throws IllegalArgumentException with the reason, if it cannot be read.
     */
    static List<ByteRange> read(final BlockDevice member, final MdSuperblock superblock)
    {
        final MemberDetails details = superblock.details();
        final long at = (superblock.sector() + details.badBlockOffset()) * SECTOR_BYTES;
        if (details.badBlockSectors() * SECTOR_BYTES != LENGTH || details.badBlockShift() > MAX_SHIFT || at < 0 ||
            at % LENGTH != 0 || at > member.geometry().sizeBytes() - LENGTH)
        {
            throw new IllegalArgumentException("a bad block log of " + details.badBlockSectors() + " sectors at byte " +
                at + " in units of 2^" + details.badBlockShift() + " sectors, expected one of 8 at a whole page");
        }
        final ByteBuffer bytes = AlignedBuffers.allocate(LENGTH);
        final int result = member.read(at, bytes, 0, LENGTH);
        if (result < 0)
        {
            throw new IllegalArgumentException("its bad block log is at byte " + at + ", where reading failed: " +
                Errno.describe(result));
        }
        return ranges(bytes, details.badBlockShift(), superblock.dataOffset());
    }

    private static List<ByteRange> ranges(final ByteBuffer bytes, final int shift, final long dataSector)
    {
        final List<ByteRange> ranges = new ArrayList<>();
        for (int at = 0; at < LENGTH && bytes.getLong(at) != NONE; at += ENTRY_BYTES)
        {
            final long entry = bytes.getLong(at);
            final long begin = (entry >>> LENGTH_BITS << shift) - dataSector;
            final long sectors = (entry & (1 << LENGTH_BITS) - 1) << shift;
            if (begin < 0 || begin > Long.MAX_VALUE / SECTOR_BYTES / 2 || sectors < 1)
            {
                throw new IllegalArgumentException("the bad block log has the entry " + Long.toHexString(entry) +
                    " at " + at + ", which is none of the data's");
            }
            ranges.add(new ByteRange(begin * SECTOR_BYTES, sectors * SECTOR_BYTES));
        }
        return ranges;
    }
}
