package io.farblock.raidsim.layout;

/**
 * RAID 0, 1 and 10: every chunk of the array lies on one or more members, and all its copies are equal. Immutable.
 *
 * <pre>
 *   near 2 on 3      far 2 on 4                   offset 2 on 4
 *    0  0  1          0  1  2  3                   0  1  2  3
 *    1  2  2          4  5  6  7                   3  0  1  2
 *    3  3  4          …                            4  5  6  7
 *    4  5  5          3  0  1  2  second part      7  4  5  6
 * </pre>
 *
 * RAID 0 is one near copy, RAID 1 as many near copies as members. Source: md(4), "RAID10".
 */
public final class CopyLayout implements StripeLayout
{
    private static final int MAX_SLOTS = 63;
    /** RAID 1 has no chunks; its bytes lie on every member where they lie in the array, so any unit will do. */
    private static final int MIRROR_UNIT_BYTES = 64 * 1024;

    private final int slots;
    private final int near;
    private final int far;
    private final boolean isOffset;
    private final int chunkBytes;
    private final long memberChunks;
    private final long stripes;
    private final long sizeBytes;

    private CopyLayout(final int slots, final Copies copies, final int chunkBytes, final long memberChunks,
        final long sizeBytes)
    {
        this.slots = slots;
        this.near = copies.near;
        this.far = copies.far;
        this.isOffset = copies.isOffset;
        this.chunkBytes = chunkBytes;
        this.memberChunks = memberChunks;
        this.stripes = (sizeBytes + chunkBytes - 1) / chunkBytes;
        this.sizeBytes = sizeBytes;
    }

    /** Stripes over members of equal size. */
    public static CopyLayout raid0(final int slots, final int chunkBytes, final long memberChunks)
    {
        requireSlots(slots, 1);
        return new CopyLayout(slots, new Copies(1, 1, false), chunkBytes, memberChunks,
            memberChunks * slots * chunkBytes);
    }

    /** Mirrors; any number of bytes. */
    public static CopyLayout raid1(final int slots, final long memberBytes)
    {
        requireSlots(slots, 1);
        final long chunks = (memberBytes + MIRROR_UNIT_BYTES - 1) / MIRROR_UNIT_BYTES;
        return new CopyLayout(slots, new Copies(slots, 1, false), MIRROR_UNIT_BYTES, chunks, memberBytes);
    }

    /**
     * Copies of chunks.
     *
     * @param layout as in md's superblock: near copies, far copies {@code << 8}, offset {@code 1 << 16}.
     */
    public static CopyLayout raid10(
        final int slots, final int layout, final int chunkBytes, final long memberChunks)
    {
        final Copies copies = new Copies(layout & 0xff, layout >> 8 & 0xff, (layout >> 16 & 1) != 0);
        requireSlots(slots, Math.max(2, copies.near * copies.far));
        if (layout >> 17 != 0 || copies.near < 1 || copies.far < 1 || copies.near > 1 && copies.far > 1 ||
            copies.near * copies.far < 2)
        {
            throw new IllegalArgumentException(String.format(
                "RAID 10 layout %x, expected near (102), far (201) or offset (10201) with 2 copies or more", layout));
        }
        final long chunks = memberChunks / copies.far * slots / copies.near;
        final long used = (chunks * copies.near * copies.far + slots - 1) / slots;
        return new CopyLayout(slots, copies, chunkBytes, used, chunks * chunkBytes);
    }

    private static void requireSlots(final int slots, final int least)
    {
        if (slots < least || slots > MAX_SLOTS)
        {
            throw new IllegalArgumentException(
                slots + " members, expected " + least + " to " + MAX_SLOTS);
        }
    }

    @Override
    public int slots()
    {
        return slots;
    }

    @Override
    public int dataStrips()
    {
        return 1;
    }

    @Override
    public int redundantStrips()
    {
        return near * far - 1;
    }

    @Override
    public int chunkBytes()
    {
        return chunkBytes;
    }

    @Override
    public long stripes()
    {
        return stripes;
    }

    @Override
    public long sizeBytes()
    {
        return sizeBytes;
    }

    @Override
    public int columns(final long stripe)
    {
        return (int)Math.min(chunkBytes, sizeBytes - stripe * chunkBytes);
    }

    @Override
    public int slot(final long stripe, final int strip)
    {
        final int farCopy = strip / near;
        return (int)((stripe * near + strip % near) % slots + (long)farCopy * near) % slots;
    }

    @Override
    public long offsetBytes(final long stripe, final int strip)
    {
        final int farCopy = strip / near;
        final long row = (stripe * near + strip % near) / slots;
        return (isOffset ? row * far + farCopy : row + farCopy * partChunks()) * chunkBytes;
    }

    @Override
    public long memberChunks()
    {
        return memberChunks;
    }

    @Override
    public long stripeAt(final int slot, final long memberChunk)
    {
        if (memberChunk >= partChunks() * far)
        {
            return -1;
        }
        final long stripe = place(slot, memberChunk) / near;
        return stripe < stripes ? stripe : -1;
    }

    @Override
    public int stripAt(final int slot, final long memberChunk)
    {
        return farCopy(memberChunk) * near + (int)(place(slot, memberChunk) % near);
    }

    @Override
    public boolean survives(final long present)
    {
        // copies lie on neighbours, counted round, beginning at any multiple of the near ones
        int first = 0;
        do
        {
            boolean anyCopy = false;
            for (int i = 0; i < near * far; i++)
            {
                anyCopy |= (present >>> (first + i) % slots & 1) != 0;
            }
            if (!anyCopy)
            {
                return false;
            }
            first = (first + near) % slots;
        }
        while (first != 0);
        return true;
    }

    /** The number of the near copy that lies here, when those of all chunks are counted through, row by row. */
    private long place(final int slot, final long memberChunk)
    {
        final long row = isOffset ? memberChunk / far : memberChunk % partChunks();
        return row * slots + Math.floorMod(slot - farCopy(memberChunk) * near, slots);
    }

    private int farCopy(final long memberChunk)
    {
        return (int)(isOffset ? memberChunk % far : memberChunk / partChunks());
    }

    /** Chunks of a member in each of its parts, one for each far copy. */
    private long partChunks()
    {
        return memberChunks / far;
    }

    /** How often a chunk is there, and where the copies lie. Immutable. */
    private record Copies(int near, int far, boolean isOffset)
    {
    }
}
