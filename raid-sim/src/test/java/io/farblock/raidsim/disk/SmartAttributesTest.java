package io.farblock.raidsim.disk;

import static io.farblock.blockdev.DeviceBytes.filled;
import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.DeviceBytes;
import io.farblock.blockdev.MemoryBlockDevice;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a disk says of its health, and what it does not notice. */
class SmartAttributesTest
{
    private static final int SECTOR = 512;

    private final VirtualTime time = new VirtualTime();
    private final SimDisk disk =
        new SimDisk(new MemoryBlockDevice("memory", 1024 * 1024), DiskSetup.plain().withTime(time));
    private final DeviceBytes bytes = new DeviceBytes(disk);

    @Test
    void shouldCountABadSectorAsPendingWhenItIsFoundAndAsReallocatedWhenItIsWritten()
    {
        disk.inject(new DiskFault.LatentSectors(4 * SECTOR, 2 * SECTOR));
        final SmartAttributes unnoticed = disk.smart();
        bytes.tryRead(0, 8 * SECTOR);
        bytes.tryRead(4 * SECTOR, SECTOR);
        bytes.tryRead(5 * SECTOR, SECTOR);
        final SmartAttributes found = disk.smart();

        bytes.write(0, filled(1, 5 * SECTOR));

        final SmartAttributes written = disk.smart();
        assertThat(unnoticed).isEqualTo(new SmartAttributes(0, 1, 0, 0, 0, 0, 0, 0));
        assertThat(found).isEqualTo(new SmartAttributes(0, 1, 0, 2, 3, 0, 0, 0));
        assertThat(written).isEqualTo(new SmartAttributes(0, 1, 1, 1, 3, 0, 0, 5 * SECTOR));
    }

    @Test
    void shouldCountTheHoursUnderPowerAndHowOftenItCame()
    {
        time.until(TimeUnit.HOURS.toNanos(5));
        disk.cut(1);
        time.until(TimeUnit.HOURS.toNanos(9));
        disk.restore();
        disk.restore();

        time.until(TimeUnit.HOURS.toNanos(11));

        assertThat(disk.smart().powerOnHours()).isEqualTo(7);
        assertThat(disk.smart().startStopCount()).isEqualTo(2);
    }

    @Test
    void shouldSayNothingOfWhatIsSilent()
    {
        disk.inject(new DiskFault.LostWrites(1));
        disk.inject(new DiskFault.BitRot(0, SECTOR, 1, 1));

        bytes.write(0, filled(1, SECTOR));
        bytes.read(0, SECTOR);

        assertThat(disk.smart()).isEqualTo(new SmartAttributes(0, 1, 0, 0, 0, 0, SECTOR, SECTOR));
        assertThat(disk.operations()).isEqualTo(2);
        assertThat(disk.transferredBytes()).isEqualTo(2 * SECTOR);
    }
}
