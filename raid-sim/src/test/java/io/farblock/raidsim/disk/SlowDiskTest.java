package io.farblock.raidsim.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.DeviceBytes;
import io.farblock.blockdev.MemoryBlockDevice;
import org.junit.jupiter.api.Test;

/** Disks that still do everything, only later: slow, stuttering, with a bad cable, or trying hard to read. */
class SlowDiskTest
{
    private static final int SECTOR = 512;
    private static final long MS = 1_000_000;

    private final VirtualTime time = new VirtualTime();
    private final SimDisk disk =
        new SimDisk(new MemoryBlockDevice("memory", 1024 * 1024), DiskSetup.plain().withTime(time));
    private final DeviceBytes bytes = new DeviceBytes(disk);

    @Test
    void shouldTakeSoMuchLongerForEachRequestUntilHealed()
    {
        final DiskFault fault = new DiskFault.Slow(5 * MS);
        disk.inject(fault);
        bytes.write(0, new byte[SECTOR]);
        bytes.read(0, SECTOR);
        disk.flush();

        final long slowNs = time.nowNs();
        disk.heal(fault);
        bytes.read(0, SECTOR);

        assertThat(slowNs).isEqualTo(15 * MS);
        assertThat(time.nowNs()).isEqualTo(slowNs);
        assertThat(disk.hits()).singleElement().matches(hit -> hit.fault() == fault && hit.isSilent());
    }

    @Test
    void shouldPauseNowAndThenAndPutEachPauseOnRecord()
    {
        disk.inject(new DiskFault.Stutter(100 * MS, 10, 42));

        for (int i = 0; i < 1_000; i++)
        {
            bytes.tryRead(0, SECTOR);
        }

        assertThat(disk.hitCount()).isBetween(60L, 140L);
        assertThat(time.nowNs()).isEqualTo(disk.hitCount() * 100 * MS);
    }

    @Test
    void shouldStopTheWholeDiskWhenItPauses()
    {
        final PhasedTime phased = new PhasedTime(time);
        final SimDisk shared =
            new SimDisk(new MemoryBlockDevice("memory", 1024 * 1024), DiskSetup.plain().withTime(phased));
        final DiskFault fault = new DiskFault.Stutter(100 * MS, 1, 1);

        phased.begin();
        shared.inject(fault);
        shared.flush();
        shared.heal(fault);
        final long inside = phased.nowNs();
        phased.end();
        phased.begin();
        shared.inject(fault);
        shared.flush();
        shared.flush();
        phased.end();

        assertThat(inside).isZero();
        assertThat(time.nowNs()).isEqualTo(300 * MS);
    }

    @Test
    void shouldCountGarbledRequestsAndSendThemAgain()
    {
        disk.inject(new DiskFault.LinkErrors(3, 2 * MS));

        for (int i = 0; i < 5; i++)
        {
            assertThat(bytes.tryRead(0, SECTOR)).isEqualTo(SECTOR);
        }

        assertThat(disk.smart().crcErrors()).isEqualTo(3);
        assertThat(time.nowNs()).isEqualTo(6 * MS);
    }

    @Test
    void shouldTryForLongToReadABadSector()
    {
        final SimDisk turning = new SimDisk(new MemoryBlockDevice("memory", 1024 * 1024),
            DiskSetup.plain().withTime(time).withModel(DiskProfile.HDD.model()));
        turning.inject(new DiskFault.LatentSectors(0, SECTOR));

        new DeviceBytes(turning).tryRead(0, SECTOR);

        assertThat(time.nowNs()).isEqualTo(7_000 * MS);
    }
}
