package io.farblock.blockdev;

import java.nio.ByteBuffer;

/**
 * A random-access device of fixed size: a disk, a partition, an array, an image file, memory.
 *
 * <p>Every operation returns {@code >= 0} on success or {@code -errno} (see {@link Errno}); none throws for an
 * expected failure and none transfers less than was asked without saying so: a short transfer is {@code -EIO}.
 * Offsets and lengths are bytes, multiples of {@link Geometry#sectorBytes()}. Buffers are direct and start at a
 * multiple of {@link Geometry#alignmentBytes()}; the part that is used lies below the buffer's limit.
 *
 * <p>What was written is durable only after a {@link #flush()} that began later has returned 0, or if it was written by
 * {@link #writeDurable}. A flush that failed says that some earlier write may be lost for good; a later successful one
 * does not take that back.
 *
 * <p>Thread safety: reads and writes of disjoint ranges may run at the same time; {@link #close()} only when nothing
 * else runs.
 */
public interface BlockDevice extends AutoCloseable
{
    /** Size and alignment; constant while the device is open. */
    Geometry geometry();

    /**
     * Fills {@code buffer[index, index + lengthBytes)} from the device; position and limit are not touched.
     *
     * @return {@code lengthBytes}, or -errno.
     */
    int read(long offsetBytes, ByteBuffer buffer, int index, int lengthBytes);

    /**
     * Writes {@code buffer[index, index + lengthBytes)} to the device; position and limit are not touched.
     *
     * @return {@code lengthBytes}, or -errno.
     */
    int write(long offsetBytes, ByteBuffer buffer, int index, int lengthBytes);

    /**
     * Makes the range read as zeros, giving space back where the device can.
     *
     * @return 0, or -errno.
     */
    int zero(long offsetBytes, long lengthBytes);

    /**
     * Hints that the content of the range is no longer needed; what it reads as afterwards is not defined.
     *
     * @return 0, or -errno; {@code -EOPNOTSUPP} where the device cannot.
     */
    int discard(long offsetBytes, long lengthBytes);

    /**
     * Writes like {@link #write}, and what it wrote is durable when it returns: "force unit access". It says nothing of
     * other writes. A device that knows no such thing flushes everything.
     *
     * @return {@code lengthBytes}, or -errno; after an error the range may hold the old, the new, or some of both.
     */
    default int writeDurable(
        final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
    {
        final int written = write(offsetBytes, buffer, index, lengthBytes);
        final int flushed = written < 0 ? 0 : flush();
        return flushed < 0 ? flushed : written;
    }

    /**
     * Zeroes like {@link #zero}, and the zeros are durable when it returns, as with {@link #writeDurable}.
     *
     * @return 0, or -errno.
     */
    default int zeroDurable(final long offsetBytes, final long lengthBytes)
    {
        final int zeroed = zero(offsetBytes, lengthBytes);
        return zeroed < 0 ? zeroed : flush();
    }

    /**
     * Makes every write that returned before this call durable.
     *
     * @return 0, or -errno.
     */
    int flush();

    /**
     * The first byte at or after {@code offsetBytes} that may be something other than a hole; the device's size when
     * only holes follow. A device that cannot tell returns {@code offsetBytes}: a hole reads as zeros, but not all
     * zeros are holes.
     *
     * @return a multiple of the sector size, or -errno.
     */
    long nextData(long offsetBytes);

    /**
     * The first byte at or after {@code offsetBytes} that is in a hole, or the device's size. The counterpart of
     * {@link #nextData(long)}; a device that cannot tell returns its size.
     *
     * @return a multiple of the sector size, or -errno.
     */
    long nextHole(long offsetBytes);

    /** What messages call this device: its path, or what it simulates. */
    String name();

    @Override
    void close();
}
