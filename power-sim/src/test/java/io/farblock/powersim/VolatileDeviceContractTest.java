package io.farblock.powersim;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.BlockDeviceContract;
import io.farblock.blockdev.MemoryBlockDevice;

/** The contract, on a volatile device whose power stays on. */
class VolatileDeviceContractTest extends BlockDeviceContract
{
    @Override
    protected BlockDevice createDevice(final long sizeBytes)
    {
        return new VolatileDevice(new MemoryBlockDevice("memory", sizeBytes));
    }
}
