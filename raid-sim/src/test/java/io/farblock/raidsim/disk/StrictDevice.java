package io.farblock.raidsim.disk;

import io.farblock.blockdev.ForwardingBlockDevice;
import io.farblock.blockdev.Geometry;
import io.farblock.blockdev.MemoryBlockDevice;

/** Memory that claims to want its buffers aligned to 4 KiB, as direct access to a file does. */
final class StrictDevice extends ForwardingBlockDevice
{
    StrictDevice(final long sizeBytes)
    {
        super(new MemoryBlockDevice("strict", sizeBytes));
    }

    @Override
    public Geometry geometry()
    {
        return new Geometry(device.geometry().sizeBytes(), 512, 4096);
    }
}
