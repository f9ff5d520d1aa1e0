package io.farblock.blockdev;

import java.nio.ByteBuffer;

/**
 * The choke point: checks every request's range, alignment and state before the device sees it, and every result
 * after. A request out of range is {@code -EINVAL} and counted, never passed on; a result that no device may give (a
 * short transfer, more bytes than asked) is turned into {@code -EIO}, so that no caller can mistake half a block for
 * a whole one.
 *
 * <p>Owns the wrapped device and closes it. As thread safe as that device.
 */
public final class CheckedBlockDevice implements BlockDevice
{
    private final BlockDevice device;
    private final Geometry geometry;
    private volatile boolean closed;

    public CheckedBlockDevice(final BlockDevice device)
    {
        this.device = device;
        this.geometry = device.geometry();
    }

    @Override
    public Geometry geometry()
    {
        return geometry;
    }

    @Override
    public int read(final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
    {
        final int refused = refuse(offsetBytes, buffer, index, lengthBytes);
        return refused != 0 ? refused : whole(device.read(offsetBytes, buffer, index, lengthBytes), lengthBytes);
    }

    @Override
    public int write(final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
    {
        final int refused = refuse(offsetBytes, buffer, index, lengthBytes);
        return refused != 0 ? refused : whole(device.write(offsetBytes, buffer, index, lengthBytes), lengthBytes);
    }

    @Override
    public int zero(final long offsetBytes, final long lengthBytes)
    {
        final int refused = refuse(offsetBytes, lengthBytes);
        return refused != 0 ? refused : plain(device.zero(offsetBytes, lengthBytes));
    }

    @Override
    public int writeDurable(
        final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
    {
        final int refused = refuse(offsetBytes, buffer, index, lengthBytes);
        return refused != 0 ? refused :
            whole(device.writeDurable(offsetBytes, buffer, index, lengthBytes), lengthBytes);
    }

    @Override
    public int zeroDurable(final long offsetBytes, final long lengthBytes)
    {
        final int refused = refuse(offsetBytes, lengthBytes);
        return refused != 0 ? refused : plain(device.zeroDurable(offsetBytes, lengthBytes));
    }

    @Override
    public int discard(final long offsetBytes, final long lengthBytes)
    {
        final int refused = refuse(offsetBytes, lengthBytes);
        return refused != 0 ? refused : plain(device.discard(offsetBytes, lengthBytes));
    }

    @Override
    public int flush()
    {
        return closed ? -Errno.EBADF : plain(device.flush());
    }

    @Override
    public long nextData(final long offsetBytes)
    {
        final int refused = refuse(offsetBytes, 0);
        return refused != 0 ? refused : within(device.nextData(offsetBytes), offsetBytes);
    }

    @Override
    public long nextHole(final long offsetBytes)
    {
        final int refused = refuse(offsetBytes, 0);
        return refused != 0 ? refused : within(device.nextHole(offsetBytes), offsetBytes);
    }

    @Override
    public String name()
    {
        return device.name();
    }

    @Override
    public void close()
    {
        if (!closed)
        {
            closed = true;
            device.close();
        }
    }

    private int refuse(final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
    {
        final boolean fits = buffer.isDirect() && index >= 0 && lengthBytes >= 0 &&
            index <= buffer.limit() - lengthBytes &&
            buffer.alignmentOffset(index, geometry.alignmentBytes()) == 0;
        return fits ? refuse(offsetBytes, lengthBytes) : -Errno.EINVAL;
    }

    private int refuse(final long offsetBytes, final long lengthBytes)
    {
        if (closed)
        {
            return -Errno.EBADF;
        }
        final boolean inside = offsetBytes >= 0 && lengthBytes >= 0 &&
            offsetBytes <= geometry.sizeBytes() - lengthBytes &&
            ((offsetBytes | lengthBytes) & (geometry.sectorBytes() - 1)) == 0;
        return inside ? 0 : -Errno.EINVAL;
    }

    private static int whole(final int result, final int lengthBytes)
    {
        return result < 0 || result == lengthBytes ? result : -Errno.EIO;
    }

    private static int plain(final int result)
    {
        return Math.min(result, 0);
    }

    private long within(final long result, final long offsetBytes)
    {
        return result < 0 || result >= offsetBytes && result <= geometry.sizeBytes() ? result : -Errno.EIO;
    }
}
