package io.farblock.raidsim.disk;

import static io.farblock.blockdev.DeviceBytes.filled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farblock.blockdev.DeviceBytes;
import io.farblock.blockdev.Errno;
import io.farblock.blockdev.MemoryBlockDevice;
import org.junit.jupiter.api.Test;

/** A disk that is gone for a while and comes back with all that it held. */
class DropOutTest
{
    private static final int SECTOR = 512;

    private final VirtualTime time = new VirtualTime();
    private final SimDisk disk =
        new SimDisk(new MemoryBlockDevice("memory", 1024 * 1024), DiskSetup.plain().withTime(time));
    private final DeviceBytes bytes = new DeviceBytes(disk);

    @Test
    void shouldBeBackAfterAsManyCallsAsAsked()
    {
        bytes.write(0, filled(1, SECTOR));
        disk.inject(new DiskFault.DropOut(0, 2));

        final int[] results = {bytes.tryWrite(0, filled(2, SECTOR)), disk.flush(), bytes.tryRead(0, SECTOR)};

        assertThat(results).containsExactly(-Errno.ENXIO, -Errno.ENXIO, SECTOR);
        assertThat(bytes.read(0, SECTOR)).containsOnly(1);
        assertThat(disk.hitCount()).isEqualTo(2);
    }

    @Test
    void shouldBeBackWhenTheTimeIsOver()
    {
        bytes.write(0, filled(1, SECTOR));
        disk.inject(new DiskFault.DropOut(1_000, 0));
        final int gone = bytes.tryRead(0, SECTOR);
        final boolean unreadable = disk.isUnreadable(0, SECTOR);

        time.until(1_000);

        assertThat(gone).isEqualTo(-Errno.ENXIO);
        assertThat(unreadable).isTrue();
        assertThat(bytes.read(0, SECTOR)).containsOnly(1);
    }

    @Test
    void shouldBeBackWhenHealed()
    {
        final DiskFault fault = new DiskFault.DropOut(1_000, 5);
        disk.inject(fault);

        disk.heal(fault);

        assertThat(bytes.tryRead(0, SECTOR)).isEqualTo(SECTOR);
    }

    @Test
    void shouldRefuseOneThatNeverEnds()
    {
        assertThatThrownBy(() -> new DiskFault.DropOut(0, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
