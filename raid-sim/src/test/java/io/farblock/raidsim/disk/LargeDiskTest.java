package io.farblock.raidsim.disk;

import static io.farblock.blockdev.DeviceBytes.filled;
import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.DeviceBytes;
import io.farblock.blockdev.MemoryBlockDevice;
import org.junit.jupiter.api.Test;

/** A disk of 10 TiB costs what is on it, not what could be. */
class LargeDiskTest
{
    private static final long SIZE = 10L << 40;

    @Test
    void shouldOpenAnyNumberOfLargeDisksAndUseTheirLastSector()
    {
        for (int i = 0; i < 300; i++)
        {
            final SimDisk disk = new SimDisk(new MemoryBlockDevice("disk " + i, SIZE),
                DiskSetup.plain().withModel(DiskProfile.HDD.model()).withSeed(i).withCacheBytes(64 * 1024));
            disk.inject(new DiskFault.LatentSectors(0, SIZE - 4096));
            disk.inject(new DiskFault.BitRot(0, SIZE - 4096, 1, i));
            final DeviceBytes bytes = new DeviceBytes(disk);

            bytes.write(SIZE - 512, filled(i, 512));

            assertThat(bytes.read(SIZE - 512, 512)).containsOnly(i);
            disk.close();
        }
    }
}
