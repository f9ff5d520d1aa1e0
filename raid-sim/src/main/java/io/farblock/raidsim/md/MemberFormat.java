package io.farblock.raidsim.md;

import static io.farblock.blockdev.raid.MdSuperblock.FEATURE_BAD_BLOCKS;
import static io.farblock.blockdev.raid.MdSuperblock.FEATURE_BITMAP;
import static io.farblock.blockdev.raid.MdSuperblock.FEATURE_JOURNAL;
import static io.farblock.blockdev.raid.MdSuperblock.FEATURE_RECOVERING;
import static io.farblock.blockdev.raid.MdSuperblock.FEATURE_RECOVERING_BY_BITMAP;
import static io.farblock.raidsim.md.ArrayDescription.SECTOR_BYTES;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.Errno;
import io.farblock.blockdev.raid.ByteRange;
import io.farblock.blockdev.raid.MdBitmap;
import io.farblock.blockdev.raid.MdSuperblock;
import io.farblock.blockdev.raid.MemberDetails;
import io.farblock.blockdev.raid.RaidLevel;
import io.farblock.blockdev.raid.Unusable;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Writes and reads what a member keeps about its array: the superblock of version 1.2 in the second 4 KiB of the disk,
 * and the bitmap and the log of bad blocks behind it. Stateless, on the calling thread; the caller flushes. Writing
 * answers {@code >= 0 or -errno}; reading throws for nothing that lies on a disk. The formats are drawn at
 * {@link MdSuperblock}, {@link BitmapImage} and {@link BadBlockLog}.
 */
public final class MemberFormat
{
    /** Where the superblock lies. */
    public static final int SUPERBLOCK_BYTE = 4096;
    /** Where the bitmap lies. */
    public static final int BITMAP_BYTE = 8192;

    private static final int KNOWN_FEATURES = FEATURE_BITMAP | FEATURE_RECOVERING | FEATURE_BAD_BLOCKS |
        FEATURE_RECOVERING_BY_BITMAP | FEATURE_JOURNAL;
    private static final long LARGEST_RESERVE_BYTES = 128L << 20;
    private static final int ROUND_BYTES = 1 << 20;
    private static final int LARGEST_CHUNK_BYTES = 1 << 30;

    private MemberFormat()
    {
    }

    /**
     * Where the data of a new array begins: after superblock and bitmap and what mdadm leaves for later changes of the
     * array's shape (a thousandth of the disk as a power of two, or two chunks where that is more), in whole MiB. The
     * smallest disks give what superblock and bitmap take.
     *
     * @param chunkBytes  as in the array's description.
     * @param bitmapBytes what the bitmap will take, at most; 0 for none.
     */
    public static long dataOffsetBytes(final long deviceBytes, final int chunkBytes, final long bitmapBytes)
    {
        long reserve = LARGEST_RESERVE_BYTES;
        while (reserve > deviceBytes / 1024 && reserve > 2L * chunkBytes && reserve > 1)
        {
            reserve /= 2;
        }
        final long least = BITMAP_BYTE + Math.max(bitmapBytes, BitmapImage.PAGE_BYTES) + BadBlockLog.LENGTH;
        final long offset = (least + reserve + ROUND_BYTES - 1) / ROUND_BYTES * ROUND_BYTES;
        return offset <= deviceBytes / 2 ? offset : least;
    }

    /** Writes the superblock of a member whose data are all right, 4 KiB at once. */
    public static int writeSuperblock(
        final BlockDevice member, final ArrayDescription array, final MemberRecord record)
    {
        return writeSuperblock(member, array, record, List.of());
    }

    /**
     * Writes the superblock, and before it the log of the stretches of the member's data that are wrong, if any.
     *
     * @return >= 0, or -errno; -ENOSPC if these are more than the log can hold: then nothing was written.
     */
    public static int writeSuperblock(final BlockDevice member, final ArrayDescription array,
        final MemberRecord record, final List<ByteRange> bad)
    {
        requireRoom(member, array, record);
        int result = 0;
        if (!bad.isEmpty())
        {
            final ByteBuffer log = BadBlockLog.of(bad, record.dataOffsetBytes());
            result = log == null ? -Errno.ENOSPC : member.write(badBlockLogByte(array), log, 0, BadBlockLog.LENGTH);
        }
        if (result < 0)
        {
            return result;
        }
        final ByteBuffer bytes = AlignedBuffers.allocate(SuperblockBytes.LENGTH);
        SuperblockBytes.put(bytes, array, record, !bad.isEmpty());
        return member.write(SUPERBLOCK_BYTE, bytes, 0, SuperblockBytes.LENGTH);
    }

    /** Where mdadm puts the bad block log: behind the bitmap, or the room for a small one; RAID 0 gets none. */
    static long badBlockLogByte(final ArrayDescription array)
    {
        final int least = array.level() == RaidLevel.RAID0 ? 0 : BitmapImage.PAGE_BYTES;
        return BITMAP_BYTE + Math.max(least, array.bitmapBytes());
    }

    private static void requireRoom(final BlockDevice member, final ArrayDescription array, final MemberRecord record)
    {
        final long taken = badBlockLogByte(array) + BadBlockLog.LENGTH;
        if (record.dataOffsetBytes() < taken || record.dataBytes() < array.memberBytes())
        {
            throw new IllegalArgumentException("data " + record.dataOffsetBytes() + "+" + record.dataBytes() + " of " +
                member.name() + ", expected it after bitmap and bad block log, which end at " + taken +
                " and at least " + array.memberBytes() + " long");
        }
    }

    /** Overwrites the superblock, so that the disk belongs to no array. */
    public static int eraseSuperblock(final BlockDevice member)
    {
        return member.zero(SUPERBLOCK_BYTE, SuperblockBytes.LENGTH);
    }

    /** Writes all pages of the bitmap. */
    public static int writeBitmap(final BlockDevice member, final BitmapImage bitmap)
    {
        return member.write(BITMAP_BYTE, bitmap.pageBytes(), 0, bitmap.pageBytes().capacity());
    }

    /** Writes one page of the bitmap. */
    public static int writeBitmapPage(final BlockDevice member, final BitmapImage bitmap, final int page)
    {
        final int at = page * BitmapImage.PAGE_BYTES;
        return member.write((long)BITMAP_BYTE + at, bitmap.pageBytes(), at, BitmapImage.PAGE_BYTES);
    }

    /** What the disk says of itself. */
    public static Found read(final BlockDevice disk)
    {
        final MdBitmap bitmap = MdBitmap.read(disk);
        if (bitmap.superblock().isEmpty())
        {
            return new Found.Refused(bitmap.unusable().orElseThrow());
        }
        final MdSuperblock found = bitmap.superblock().get();
        if (!isRunnable(found))
        {
            return refused(disk, Unusable.Cause.UNKNOWN_FORMAT, "superblock at sector " + found.sector() +
                " with the features 0x" + Integer.toHexString(found.features()) + " and the bitmap at sector " +
                (found.sector() + found.bitmapOffset()) + ", expected version 1.2 (sector 8), none but 0x" +
                Integer.toHexString(KNOWN_FEATURES) + " and the bitmap, if any, at sector 16; let md finish what it " +
                "is doing, or choose other disks");
        }
        try
        {
            final List<ByteRange> bad =
                found.has(FEATURE_BAD_BLOCKS) ? BadBlockLog.read(disk, found) : List.of();
            return new Found.Member(array(found, bitmap), record(found), bitmap, bad);
        }
        catch (final IllegalArgumentException ex)
        {
            // what the checksum covers can still be nonsense
            return refused(disk, Unusable.Cause.DAMAGED, "superblock says " + ex.getMessage());
        }
    }

    private static boolean isRunnable(final MdSuperblock found)
    {
        return found.sector() * SECTOR_BYTES == SUPERBLOCK_BYTE && (found.features() & ~KNOWN_FEATURES) == 0 &&
            (!found.has(FEATURE_BITMAP) || (found.sector() + found.bitmapOffset()) * SECTOR_BYTES == BITMAP_BYTE);
    }

    private static Found refused(final BlockDevice disk, final Unusable.Cause cause, final String reason)
    {
        return new Found.Refused(new Unusable(cause, disk.name() + ": " + reason));
    }

    private static ArrayDescription array(final MdSuperblock found, final MdBitmap bitmap)
    {
        final boolean striped = found.level() != RaidLevel.RAID1;
        final long unit = striped ? Math.max(1, found.chunkSectors()) : 1;
        // RAID 0 uses all that each member has, and its superblock names no size
        final long used = found.level() == RaidLevel.RAID0 ? found.dataSectors() : found.sizeSectors();
        return new ArrayDescription(found.array(), found.details().name(), found.details().createdSeconds(),
            found.level(), found.layout(), striped ? chunkBytes(found.chunkSectors()) : 0,
            found.raidDisks(), used / unit * unit * SECTOR_BYTES, bitmap.chunkBytes());
    }

    private static int chunkBytes(final int sectors)
    {
        if (sectors < 0 || sectors > LARGEST_CHUNK_BYTES / SECTOR_BYTES)
        {
            throw new IllegalArgumentException("chunks of " + Integer.toUnsignedString(sectors) +
                " sectors, expected chunks of at most " + LARGEST_CHUNK_BYTES + " bytes");
        }
        return sectors * SECTOR_BYTES;
    }

    private static MemberRecord record(final MdSuperblock found)
    {
        final MemberDetails details = found.details();
        final boolean partial = found.has(FEATURE_RECOVERING) ||
            found.roles().get(found.number()) == MdSuperblock.ROLE_JOURNAL;
        return new MemberRecord(found.number(), details.device(), found.dataOffset() * SECTOR_BYTES,
            found.dataSectors() * SECTOR_BYTES, found.events(), bytes(details.resyncOffset()),
            partial ? bytes(details.recoveryOffset()) : MemberRecord.IN_SYNC, details.updatedSeconds(),
            found.has(FEATURE_JOURNAL), found.roles());
    }

    private static long bytes(final long sectors)
    {
        return Long.compareUnsigned(sectors, Long.MAX_VALUE / SECTOR_BYTES) > 0 ? Long.MAX_VALUE :
            sectors * SECTOR_BYTES;
    }
}
