package io.farblock.raidsim.layout;

/**
 * The map between an array and its members' data. A stripe is the unit that is coded together: {@link #dataStrips()}
 * strips that hold successive chunks of the array, then {@link #redundantStrips()} that can be computed from them.
 * Every strip is one chunk of one member, and no two of a stripe lie on the same. Immutable; offsets count from where a
 * member's data begin.
 */
public interface StripeLayout
{
    /** Places for members. */
    int slots();

    /** Chunks of the array in one stripe. */
    int dataStrips();

    /** Strips of a stripe beyond its data. */
    int redundantStrips();

    /** Length of a strip. */
    int chunkBytes();

    /** How many stripes there are; the last may be short, see {@link #columns(long)}. */
    long stripes();

    /** Size of the array. */
    long sizeBytes();

    /** How many bytes of each of the stripe's strips are in use: a chunk, less in the last stripe of a RAID 1. */
    int columns(long stripe);

    /** Which member holds the strip. */
    int slot(long stripe, int strip);

    /** Where on that member it begins. */
    long offsetBytes(long stripe, int strip);

    /** How many chunks of each member are in use, a last short one included. */
    long memberChunks();

    /** The stripe that has a strip in this chunk of a member, or -1 when the chunk is not in use. */
    long stripeAt(int slot, long memberChunk);

    /** Which strip of {@link #stripeAt} that is; any number where there is none. */
    int stripAt(int slot, long memberChunk);

    /**
     * Whether all of the array can be had from these members.
     *
     * @param present a bit for each slot.
     */
    boolean survives(long present);

    /** Where the array's bytes of a stripe begin. */
    default long arrayOffset(final long stripe)
    {
        return stripe * chunkBytes() * dataStrips();
    }

    /** All strips of a stripe. */
    default int strips()
    {
        return dataStrips() + redundantStrips();
    }
}
