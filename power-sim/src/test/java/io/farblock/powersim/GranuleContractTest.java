package io.farblock.powersim;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.BlockDeviceContract;
import io.farblock.blockdev.MemoryBlockDevice;

/** The contract, on a volatile device that tears at 4 KiB, while its power stays on. */
class GranuleContractTest extends BlockDeviceContract
{
    @Override
    protected BlockDevice createDevice(final long sizeBytes)
    {
        return new VolatileDevice(new MemoryBlockDevice("memory", sizeBytes),
            VolatileSetup.plain().withUnitBytes(VolatileSetup.GRANULE_BYTES));
    }
}
