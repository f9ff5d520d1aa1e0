package io.farblock.blockdev;

/** The contract, on memory. */
class MemoryBlockDeviceTest extends BlockDeviceContract
{
    @Override
    protected BlockDevice createDevice(final long sizeBytes)
    {
        return new MemoryBlockDevice("memory", sizeBytes);
    }
}
