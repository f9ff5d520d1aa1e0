package io.farblock.raidsim.array;

import java.util.concurrent.atomic.LongAdder;

/** What the stripes of an array have gone through since it was opened. Thread safe. */
public final class StripeCounters
{
    private final LongAdder fullStripes = new LongAdder();
    private final LongAdder reconstructWrites = new LongAdder();
    private final LongAdder readModifyWrites = new LongAdder();
    private final LongAdder reconstructedBytes = new LongAdder();

    void written(final boolean full)
    {
        (full ? fullStripes : reconstructWrites).increment();
    }

    void readModifyWrite()
    {
        readModifyWrites.increment();
    }

    void reconstructed(final long lengthBytes)
    {
        reconstructedBytes.add(lengthBytes);
    }

    /** Pieces of stripes that were written whole: nothing had to be read. */
    public long fullStripes()
    {
        return fullStripes.sum();
    }

    /** Pieces that were written after reading the strips beside. */
    public long reconstructWrites()
    {
        return reconstructWrites.sum();
    }

    /** Pieces that were written after reading what they held. */
    public long readModifyWrites()
    {
        return readModifyWrites.sum();
    }

    /** Bytes that were read by computing them from other members. */
    public long reconstructedBytes()
    {
        return reconstructedBytes.sum();
    }
}
