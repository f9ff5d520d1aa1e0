package io.farblock.replication.array;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.ForwardingBlockDevice;
import java.nio.ByteBuffer;

/** One opening of a device that goes on without it, and before each of whose reads something can happen. */
final class HookedDevice extends ForwardingBlockDevice
{
    private final Runnable beforeRead;

    HookedDevice(final BlockDevice device, final Runnable beforeRead)
    {
        super(device);
        this.beforeRead = beforeRead;
    }

    @Override
    public int read(final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
    {
        beforeRead.run();
        return device.read(offsetBytes, buffer, index, lengthBytes);
    }

    @Override
    public void close()
    {
        // the array goes on
    }
}
