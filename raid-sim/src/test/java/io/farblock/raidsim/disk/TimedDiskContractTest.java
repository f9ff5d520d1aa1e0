package io.farblock.raidsim.disk;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.BlockDeviceContract;
import io.farblock.blockdev.MemoryBlockDevice;

/** The contract, on a disk that turns in virtual time. */
class TimedDiskContractTest extends BlockDeviceContract
{
    @Override
    protected BlockDevice createDevice(final long sizeBytes)
    {
        return new SimDisk(
            new MemoryBlockDevice("memory", sizeBytes), DiskSetup.plain().withModel(DiskProfile.HDD.model()));
    }
}
