package io.farblock.replication.array;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.Geometry;
import java.nio.ByteBuffer;

/** One opening of a device that goes on without it, and before each of whose reads something can happen. */
record HookedDevice(BlockDevice device, Runnable beforeRead) implements BlockDevice
{
    @Override
    public Geometry geometry()
    {
        return device.geometry();
    }

    @Override
    public int read(final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
    {
        beforeRead.run();
        return device.read(offsetBytes, buffer, index, lengthBytes);
    }

    @Override
    public int write(final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
    {
        return device.write(offsetBytes, buffer, index, lengthBytes);
    }

    @Override
    public int zero(final long offsetBytes, final long lengthBytes)
    {
        return device.zero(offsetBytes, lengthBytes);
    }

    @Override
    public int discard(final long offsetBytes, final long lengthBytes)
    {
        return device.discard(offsetBytes, lengthBytes);
    }

    @Override
    public int flush()
    {
        return device.flush();
    }

    @Override
    public long nextData(final long offsetBytes)
    {
        return device.nextData(offsetBytes);
    }

    @Override
    public long nextHole(final long offsetBytes)
    {
        return device.nextHole(offsetBytes);
    }

    @Override
    public String name()
    {
        return device.name();
    }

    @Override
    public void close()
    {
        // the array goes on
    }
}
