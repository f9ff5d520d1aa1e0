package io.farblock.blockdev.raid;

import static io.farblock.blockdev.raid.MemberBytes.SECTOR_BYTES;
import static io.farblock.blockdev.raid.UnusableException.require;

/**
 * Which bytes of the array (as its user sees it) a chunk of the bitmap stands for. An immutable value.
 *
 * <pre>
 *   RAID 1, 10    chunk c  =  bytes [c * chunk, (c + 1) * chunk) of the array, wherever the copies lie
 *   RAID 4, 5, 6  chunk c  =  the same bytes of every member's data, so the stripes that they lie in:
 *                 [a, b) of a member  ->  stripes a / unit … (b - 1) / unit  ->  each unit * (members - parity) bytes
 * </pre>
 *
 * Whole stripes are named even where a chunk is smaller than a stripe's unit: more is compared than need be, never
 * less. Fixtures written by a real kernel prove both rules.
 *
 * @param chunkBytes  what a bit stands for.
 * @param stripeUnit  bytes of a member in one stripe, or 0 where array offsets are used.
 * @param stripeBytes bytes of the array in one stripe.
 * @param arrayBytes  size of the array.
 */
record ChunkCoverage(long chunkBytes, long stripeUnit, long stripeBytes, long arrayBytes)
{
    /** 1 EiB: beyond it sums of offsets could overflow. */
    private static final long MAX_ARRAY_BYTES = 1L << 60;

    /** For a member's superblock and a bitmap that covers {@code coveredSectors}. */
    static ChunkCoverage of(final MdSuperblock superblock, final BitmapHeader header) throws UnusableException
    {
        final long size = superblock.sizeSectors();
        final long unit = superblock.chunkSectors();
        final long members = superblock.raidDisks();
        final long chunk = header.chunkBytes();
        switch (superblock.level())
        {
            case RAID1:
                requireCovered(header, size, size);
                return new ChunkCoverage(chunk, 0, 0, arrayBytes(size, 1));
            case RAID10:
                final Raid10Layout layout = Raid10Layout.of(superblock.layout());
                final long bytes = arrayBytes(size / unit / layout.far() * members / layout.near(), unit);
                requireCovered(header, bytes / SECTOR_BYTES, bytes / SECTOR_BYTES);
                return new ChunkCoverage(chunk, 0, 0, bytes);
            case RAID4:
            case RAID5:
            case RAID6:
                final long data = members - superblock.level().parityMembers();
                final long whole = size - size % unit;
                // the tools write the size that was asked for, the kernel rounds it down to whole stripes
                requireCovered(header, whole, size);
                return new ChunkCoverage(
                    chunk, unit * SECTOR_BYTES, unit * SECTOR_BYTES * data, arrayBytes(whole, data));
            default:
                throw new UnusableException(Unusable.Cause.UNKNOWN_LEVEL,
                    "how a bitmap maps to an array of level " + superblock.level() + " is not known");
        }
    }

    private static long arrayBytes(final long sectors, final long times) throws UnusableException
    {
        require(sectors <= MAX_ARRAY_BYTES / SECTOR_BYTES / times, Unusable.Cause.DAMAGED,
            "superblock names an array of " + times + " * " + sectors + " sectors, more than there can be");
        return sectors * times * SECTOR_BYTES;
    }

    private static void requireCovered(final BitmapHeader header, final long least, final long most)
        throws UnusableException
    {
        require(header.coveredSectors() >= least && header.coveredSectors() <= most, Unusable.Cause.SIZE_MISMATCH,
            "the bitmap covers " + header.coveredSectors() + " sectors, expected " + least);
    }

    /** First byte of the array that the chunk stands for; may lie at the array's end. */
    long from(final long chunk)
    {
        final long at = chunk * chunkBytes;
        return Math.min(arrayBytes, stripeUnit == 0 ? at : at / stripeUnit * stripeBytes);
    }

    /** First byte after what the chunk stands for. */
    long to(final long chunk)
    {
        final long at = (chunk + 1) * chunkBytes;
        return Math.min(arrayBytes, stripeUnit == 0 ? at : (at + stripeUnit - 1) / stripeUnit * stripeBytes);
    }
}
