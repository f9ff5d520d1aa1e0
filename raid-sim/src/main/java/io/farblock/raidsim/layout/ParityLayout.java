package io.farblock.raidsim.layout;

/**
 * RAID 5 and 6, left-symmetric, which is what md's tools choose: parity moves one member to the left with each stripe,
 * and data begin after it, counted round. Immutable.
 *
 * <pre>
 *   RAID 5 on 4           RAID 6 on 5
 *    0   1   2   P         0   1   2   P   Q
 *    4   5   P   3         4   5   P   Q   3
 *    8   P   6   7         8   P   Q   6   7
 *    P   9  10  11         P   Q   9  10  11
 *   12  13  14   P         Q  12  13  14   P
 * </pre>
 *
 * Source: md(4), "RAID5"; Q's member follows P's. A data strip's number is also its exponent in Q.
 *
 * @param slots         members.
 * @param redundantStrips 1 for RAID 5, 2 for RAID 6.
 * @param chunkBytes    a power of two.
 * @param memberChunks  of each member.
 */
public record ParityLayout(int slots, int redundantStrips, int chunkBytes, long memberChunks) implements StripeLayout
{
    public ParityLayout
    {
        if (redundantStrips < 1 || redundantStrips > 2 || slots < redundantStrips + 2 || slots > MAX_SLOTS)
        {
            throw new IllegalArgumentException("RAID " + (4 + redundantStrips) + " on " + slots +
                " members, expected " + (redundantStrips + 2) + " to " + MAX_SLOTS);
        }
    }

    private static final int MAX_SLOTS = 63;

    @Override
    public int dataStrips()
    {
        return slots - redundantStrips;
    }

    @Override
    public long stripes()
    {
        return memberChunks;
    }

    @Override
    public long sizeBytes()
    {
        return memberChunks * chunkBytes * dataStrips();
    }

    @Override
    public int columns(final long stripe)
    {
        return chunkBytes;
    }

    @Override
    public int slot(final long stripe, final int strip)
    {
        final int parity = paritySlot(stripe);
        return strip < dataStrips() ? (parity + redundantStrips + strip) % slots :
            (parity + strip - dataStrips()) % slots;
    }

    @Override
    public long offsetBytes(final long stripe, final int strip)
    {
        return stripe * chunkBytes;
    }

    @Override
    public long stripeAt(final int slot, final long memberChunk)
    {
        return memberChunk < memberChunks ? memberChunk : -1;
    }

    @Override
    public int stripAt(final int slot, final long memberChunk)
    {
        final int behindParity = Math.floorMod(slot - paritySlot(memberChunk), slots);
        return behindParity < redundantStrips ? dataStrips() + behindParity : behindParity - redundantStrips;
    }

    @Override
    public boolean survives(final long present)
    {
        return slots - Long.bitCount(present) <= redundantStrips;
    }

    private int paritySlot(final long stripe)
    {
        return slots - 1 - (int)(stripe % slots);
    }
}
