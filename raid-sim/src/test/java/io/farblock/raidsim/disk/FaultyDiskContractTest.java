package io.farblock.raidsim.disk;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.BlockDeviceContract;
import io.farblock.blockdev.MemoryBlockDevice;

/** The contract, on a faulty disk that has no fault. */
class FaultyDiskContractTest extends BlockDeviceContract
{
    @Override
    protected BlockDevice createDevice(final long sizeBytes)
    {
        return new FaultyDisk(new MemoryBlockDevice("memory", sizeBytes));
    }
}
