package io.farblock.blockdev;

import java.nio.ByteBuffer;

/**
 * One opening of a disk that goes on without it, as real disks do. Runs on the caller's thread.
 *
 * @param onClose what the closing of the opening does; the disk stays.
 */
public record Handle(BlockDevice disk, Runnable onClose) implements BlockDevice
{
    public Handle(final BlockDevice disk)
    {
        this(disk, () -> { });
    }

    @Override
    public Geometry geometry()
    {
        return disk.geometry();
    }

    @Override
    public int read(final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
    {
        return disk.read(offsetBytes, buffer, index, lengthBytes);
    }

    @Override
    public int write(final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
    {
        return disk.write(offsetBytes, buffer, index, lengthBytes);
    }

    @Override
    public int zero(final long offsetBytes, final long lengthBytes)
    {
        return disk.zero(offsetBytes, lengthBytes);
    }

    @Override
    public int discard(final long offsetBytes, final long lengthBytes)
    {
        return disk.discard(offsetBytes, lengthBytes);
    }

    @Override
    public int flush()
    {
        return disk.flush();
    }

    @Override
    public long nextData(final long offsetBytes)
    {
        return disk.nextData(offsetBytes);
    }

    @Override
    public long nextHole(final long offsetBytes)
    {
        return disk.nextHole(offsetBytes);
    }

    @Override
    public String name()
    {
        return disk.name();
    }

    @Override
    public void close()
    {
        onClose.run();
    }
}
