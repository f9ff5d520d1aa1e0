package io.farblock.powersim;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.BlockDeviceContract;
import io.farblock.blockdev.MemoryBlockDevice;

/** The contract, on a volatile device whose cache is often full. */
class SmallCacheContractTest extends BlockDeviceContract
{
    @Override
    protected BlockDevice createDevice(final long sizeBytes)
    {
        return new VolatileDevice(
            new MemoryBlockDevice("memory", sizeBytes), VolatileSetup.plain().withCacheBytes(100_000));
    }
}
