package io.farblock.raidsim.disk;

/**
 * What can be wrong with a disk. Immutable values; offsets and lengths in bytes, and a sector that a range touches is
 * bad as a whole. A fault is told from another equal one by identity.
 */
public sealed interface DiskFault
{
    /**
     * Sectors that cannot be read until they are written again, as when a disk finds at read time that its medium has
     * decayed. Discarding does not mend them, zeroing does.
     */
    record LatentSectors(long offsetBytes, long lengthBytes) implements DiskFault
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
    record UnwritableSectors(long offsetBytes, long lengthBytes) implements DiskFault
    {
        public UnwritableSectors
        {
            requireRange(offsetBytes, lengthBytes);
        }
    }

    /** The next {@code times} flushes fail and do not reach the medium. */
    record FailingFlush(int times) implements DiskFault
    {
        public FailingFlush
        {
            if (times < 1)
            {
                throw new IllegalArgumentException("times=" + times + ", expected at least 1");
            }
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

    private static void requireRange(final long offsetBytes, final long lengthBytes)
    {
        if (offsetBytes < 0 || lengthBytes < 1 || offsetBytes > Long.MAX_VALUE - lengthBytes)
        {
            throw new IllegalArgumentException(
                "range " + offsetBytes + "+" + lengthBytes + ", expected a range of at least one byte");
        }
    }
}
