package io.farblock.powersim;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.BlockDeviceContract;
import io.farblock.blockdev.MemoryBlockDevice;

/** The contract, on a volatile device that lies about every other flush: with its power on nobody can tell. */
class LyingContractTest extends BlockDeviceContract
{
    @Override
    protected BlockDevice createDevice(final long sizeBytes)
    {
        return new VolatileDevice(new MemoryBlockDevice("memory", sizeBytes),
            VolatileSetup.plain().withCacheBytes(300_000).withLies(FlushLies.sometimes(0.5, 1)));
    }
}
