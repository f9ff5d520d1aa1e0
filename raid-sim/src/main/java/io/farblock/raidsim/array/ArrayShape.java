package io.farblock.raidsim.array;

import io.farblock.blockdev.raid.RaidLevel;
import io.farblock.raidsim.layout.CopyLayout;
import io.farblock.raidsim.layout.ParityLayout;
import io.farblock.raidsim.layout.StripeLayout;
import io.farblock.raidsim.md.ArrayDescription;

/**
 * What array to make. Immutable; what no array can be is refused.
 *
 * @param level            0, 1, 5, 6 or 10.
 * @param layout           as md numbers it: 2 (left-symmetric) for RAID 5 and 6, 102 (near 2), 201 (far 2), 10201
 *                         (offset 2) and so on, in hexadecimal, for RAID 10, else 0.
 * @param chunkBytes       unit of striping; 0 for RAID 1.
 * @param bitmapChunkBytes what a bit of the write-intent bitmap stands for; 0 for no bitmap.
 */
public record ArrayShape(RaidLevel level, int layout, int chunkBytes, long bitmapChunkBytes)
{
    /** md's number for the rotation that its tools choose. */
    public static final int LEFT_SYMMETRIC = 2;
    /** Two copies on neighbours. */
    public static final int NEAR_2 = 0x102;

    private static final int DEFAULT_CHUNK_BYTES = 64 * 1024;
    private static final int LARGEST_CHUNK_BYTES = 16 * 1024 * 1024;
    private static final long LEAST_BITMAP_CHUNK_BYTES = 64 * 1024;
    private static final long MOST_BITS = 1 << 20;

    /** The usual one of a level, without a bitmap. */
    public static ArrayShape of(final RaidLevel level)
    {
        return new ArrayShape(level, level.hasParity() ? LEFT_SYMMETRIC : level == RaidLevel.RAID10 ? NEAR_2 : 0,
            level == RaidLevel.RAID1 ? 0 : DEFAULT_CHUNK_BYTES, 0);
    }

    public ArrayShape withChunk(final int bytes)
    {
        return new ArrayShape(level, layout, bytes, bitmapChunkBytes);
    }

    public ArrayShape withLayout(final int number)
    {
        return new ArrayShape(level, number, chunkBytes, bitmapChunkBytes);
    }

    public ArrayShape withBitmap(final long chunk)
    {
        return new ArrayShape(level, layout, chunkBytes, chunk);
    }

    /** The smallest sensible bitmap chunk for an array of members of this size. */
    public ArrayShape withBitmapFor(final long memberBytes, final int slots)
    {
        long chunk = LEAST_BITMAP_CHUNK_BYTES;
        while (memberBytes / chunk * slots > MOST_BITS)
        {
            chunk *= 2;
        }
        return withBitmap(chunk);
    }

    /** Where such an array keeps its bytes. */
    static StripeLayout layoutOf(final ArrayDescription array) throws RaidException
    {
        final int slots = array.raidDisks();
        final long chunks = array.chunkBytes() == 0 ? 0 : array.memberBytes() / array.chunkBytes();
        if (array.chunkBytes() > LARGEST_CHUNK_BYTES)
        {
            throw new RaidException(array.name() + " has chunks of " + array.chunkBytes() + " bytes, at most " +
                LARGEST_CHUNK_BYTES + " are simulated");
        }
        try
        {
            return switch (array.level())
            {
                case RAID0 -> CopyLayout.raid0(slots, array.chunkBytes(), chunks);
                case RAID1 -> CopyLayout.raid1(slots, array.memberBytes());
                case RAID10 -> CopyLayout.raid10(slots, array.layout(), array.chunkBytes(), chunks);
                case RAID5, RAID6 -> new ParityLayout(
                    slots, array.level().parityMembers(), array.chunkBytes(), requireLeftSymmetric(array, chunks));
                default -> throw new RaidException(array.name() + " is of level " + array.level() +
                    ", expected 0, 1, 5, 6 or 10");
            };
        }
        catch (final IllegalArgumentException ex)
        {
            throw new RaidException(array.name() + ": " + ex.getMessage());
        }
    }

    private static long requireLeftSymmetric(final ArrayDescription array, final long chunks) throws RaidException
    {
        if (array.layout() != LEFT_SYMMETRIC)
        {
            throw new RaidException(array.name() + " has the parity layout " + array.layout() +
                ", expected 2 (left-symmetric); make it with --layout=left-symmetric");
        }
        return chunks;
    }

    /** Bytes of the array's data on each member, for members that have room for so much. */
    long memberBytes(final long room)
    {
        final long unit = chunkBytes == 0 ? Stripes.GRANULE_BYTES : chunkBytes;
        return room / unit * unit;
    }
}
