package io.farblock.raidsim.disk;

/**
 * What can be wrong with a disk. Immutable values; offsets and lengths in bytes, and a sector that a range touches is
 * bad as a whole. A fault is told from another equal one by identity. What is chance in a fault comes from its seed.
 * Writes are those with data; zeroing is none, except that it mends what a write mends and fails where one fails.
 */
public sealed interface DiskFault
{
    /** A fault of a place on the medium. */
    sealed interface Ranged extends DiskFault
    {
        long offsetBytes();

        long lengthBytes();
    }

    /** A fault of the next so many requests of its kind; several of one kind follow one another. */
    sealed interface Counted extends DiskFault
    {
        int times();
    }

    /**
     * Sectors that cannot be read until they are written again, as when a disk finds at read time that its medium has
     * decayed. Discarding does not mend them, zeroing does.
     */
    record LatentSectors(long offsetBytes, long lengthBytes) implements Ranged
    {
        public LatentSectors
        {
            requireRange(offsetBytes, lengthBytes);
        }
    }

    /**
     * Sectors that cannot be written, for as long as the fault is there. What a failed write holds before the first
     * bad sector is written, the rest is not; reads are not affected.
     */
    record UnwritableSectors(long offsetBytes, long lengthBytes) implements Ranged
    {
        public UnwritableSectors
        {
            requireRange(offsetBytes, lengthBytes);
        }
    }

    /**
     * Sectors that read back with some bits flipped, silently, always the same ones, until they are written again.
     *
     * @param bitsPerSector how many bits of each sector.
     */
    record BitRot(long offsetBytes, long lengthBytes, int bitsPerSector, long seed) implements Ranged
    {
        public BitRot
        {
            requireRange(offsetBytes, lengthBytes);
            if (bitsPerSector < 1 || bitsPerSector > 4096)
            {
                throw new IllegalArgumentException("bitsPerSector=" + bitsPerSector + ", expected 1 to 4096");
            }
        }
    }

    /** The next {@code times} flushes fail and do not reach the medium. */
    record FailingFlush(int times) implements Counted
    {
        public FailingFlush
        {
            requireAtLeastOne("times", times);
        }
    }

    /** The next {@code times} writes are acknowledged and never land. */
    record LostWrites(int times) implements Counted
    {
        public LostWrites
        {
            requireAtLeastOne("times", times);
        }
    }

    /**
     * Of the next {@code times} writes of two sectors or more only some neighbouring sectors land, silently; the others
     * keep what they held.
     */
    record TornWrites(int times, long seed) implements Counted
    {
        public TornWrites
        {
            requireAtLeastOne("times", times);
        }
    }

    /**
     * The next {@code times} writes land {@code shiftBytes} further on, silently, and the right place keeps what it
     * held. Where the disk ends before that they land as much before the right place; what fits neither way is not
     * affected.
     */
    record MisdirectedWrites(long shiftBytes, int times) implements Counted
    {
        public MisdirectedWrites
        {
            requireAtLeastOne("shiftBytes", shiftBytes);
            requireAtLeastOne("times", times);
        }
    }

    /** The next {@code times} reads give what lies {@code shiftBytes} further on, in the way of misdirected writes. */
    record MisdirectedReads(long shiftBytes, int times) implements Counted
    {
        public MisdirectedReads
        {
            requireAtLeastOne("shiftBytes", shiftBytes);
            requireAtLeastOne("times", times);
        }
    }

    /**
     * The next {@code times} requests are garbled on the cable, noticed by their checksum and sent again, which costs
     * {@code retryNs} each and nothing else.
     */
    record LinkErrors(int times, long retryNs) implements Counted
    {
        public LinkErrors
        {
            requireAtLeastOne("times", times);
            requireAtLeastOne("retryNs", retryNs);
        }
    }

    /**
     * The disk is gone: every call fails.
     *
     * @param errno positive; ENXIO for a disk that was pulled, EIO for one that no longer answers.
     */
    record Loss(int errno) implements DiskFault
    {
        public Loss
        {
            if (errno < 1)
            {
                throw new IllegalArgumentException("errno=" + errno + ", expected a positive error number");
            }
        }
    }

    /**
     * The disk is gone for a while, answers ENXIO, and is back with all that it held.
     *
     * @param durationNs how long; 0 leaves it to the number of calls.
     * @param operations after how many calls that it did not answer; 0 leaves it to the duration. With both, what
     *                   comes first.
     */
    record DropOut(long durationNs, long operations) implements DiskFault
    {
        public DropOut
        {
            if (durationNs < 0 || operations < 0 || durationNs == 0 && operations == 0)
            {
                throw new IllegalArgumentException("durationNs=" + durationNs + ", operations=" + operations +
                    ", expected one of them above 0 and none below");
            }
        }
    }

    /** Flushes are acknowledged and do nothing: what was written stays where a power cut takes it. */
    record LyingFlush() implements DiskFault
    {
    }

    /** Every request takes so much longer. */
    record Slow(long extraNs) implements DiskFault
    {
        public Slow
        {
            requireAtLeastOne("extraNs", extraNs);
        }
    }

    /** Now and then, once in {@code oneIn} requests on average, the whole disk does nothing for {@code pauseNs}. */
    record Stutter(long pauseNs, int oneIn, long seed) implements DiskFault
    {
        public Stutter
        {
            requireAtLeastOne("pauseNs", pauseNs);
            requireAtLeastOne("oneIn", oneIn);
        }
    }

    private static void requireRange(final long offsetBytes, final long lengthBytes)
    {
        if (offsetBytes < 0 || lengthBytes < 1 || offsetBytes > Long.MAX_VALUE - lengthBytes)
        {
            throw new IllegalArgumentException(
                "range " + offsetBytes + "+" + lengthBytes + ", expected a range of at least one byte");
        }
    }

    private static void requireAtLeastOne(final String name, final long value)
    {
        if (value < 1)
        {
            throw new IllegalArgumentException(name + "=" + value + ", expected at least 1");
        }
    }
}
