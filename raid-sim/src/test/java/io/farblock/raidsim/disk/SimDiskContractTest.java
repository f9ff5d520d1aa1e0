package io.farblock.raidsim.disk;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.BlockDeviceContract;
import io.farblock.blockdev.MemoryBlockDevice;

/** The contract, on a simulated disk without a model and with a cache that is often full. */
class SimDiskContractTest extends BlockDeviceContract
{
    @Override
    protected BlockDevice createDevice(final long sizeBytes)
    {
        return new SimDisk(new MemoryBlockDevice("memory", sizeBytes), DiskSetup.plain().withCacheBytes(100_352));
    }
}
