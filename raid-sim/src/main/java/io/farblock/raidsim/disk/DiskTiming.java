package io.farblock.raidsim.disk;

/**
 * When the requests to one disk are done: the moving part of a {@link DiskModel}. Says, and does not wait. All times
 * are nanoseconds on one clock, and a request is told of no earlier than those before it began. Holds state; guarded by
 * the disk's lock.
 */
public interface DiskTiming
{
    /** A disk that takes no time and, for all that anybody knows, has nothing on its medium before a flush. */
    DiskTiming NONE = new DiskTiming()
    {
        @Override
        public long read(final long nowNs, final long offsetBytes, final long lengthBytes)
        {
            return nowNs;
        }

        @Override
        public long write(final long nowNs, final long offsetBytes, final long lengthBytes)
        {
            return nowNs;
        }

        @Override
        public long zero(final long nowNs, final long offsetBytes, final long lengthBytes)
        {
            return nowNs;
        }

        @Override
        public long flush(final long nowNs)
        {
            return nowNs;
        }

        @Override
        public long volatileBytes(final long nowNs)
        {
            return Long.MAX_VALUE;
        }
    };

    /** @return when a read that arrives now is done. */
    long read(long nowNs, long offsetBytes, long lengthBytes);

    /** @return when a write that arrives now is acknowledged. */
    long write(long nowNs, long offsetBytes, long lengthBytes);

    /** @return when a request that arrives now and zeroes a range is done. */
    long zero(long nowNs, long offsetBytes, long lengthBytes);

    /** @return when everything that was written is on the medium. */
    long flush(long nowNs);

    /** How much of what was written is still where a power cut takes it; the newest of it. */
    long volatileBytes(long nowNs);
}
