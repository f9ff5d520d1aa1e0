package io.farblock.blockdev.raid;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.Errno;
import io.farblock.blockdev.Geometry;
import java.nio.ByteBuffer;

/** A device of 4096 byte sectors whose reads of one byte fail. */
final class FailingReads implements BlockDevice
{
    private final BlockDevice device;
    private final long bad;

    FailingReads(final BlockDevice device, final long bad)
    {
        this.device = device;
        this.bad = bad;
    }

    @Override
    public Geometry geometry()
    {
        return new Geometry(device.geometry().sizeBytes(), 4096, 4096);
    }

    @Override
    public int read(final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
    {
        if (((offsetBytes | lengthBytes) & 4095) != 0 || buffer.alignmentOffset(index, 4096) != 0)
        {
            return -Errno.EINVAL;
        }
        return offsetBytes <= bad && bad < offsetBytes + lengthBytes ? -Errno.EIO :
            device.read(offsetBytes, buffer, index, lengthBytes);
    }

    @Override
    public int write(final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
    {
        return -Errno.EROFS;
    }

    @Override
    public int zero(final long offsetBytes, final long lengthBytes)
    {
        return -Errno.EROFS;
    }

    @Override
    public int discard(final long offsetBytes, final long lengthBytes)
    {
        return -Errno.EROFS;
    }

    @Override
    public int flush()
    {
        return 0;
    }

    @Override
    public long nextData(final long offsetBytes)
    {
        return offsetBytes;
    }

    @Override
    public long nextHole(final long offsetBytes)
    {
        return device.geometry().sizeBytes();
    }

    @Override
    public String name()
    {
        return device.name();
    }

    @Override
    public void close()
    {
        device.close();
    }
}
