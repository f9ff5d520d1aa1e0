package io.farblock.raidsim.disk;

import static io.farblock.blockdev.DeviceBytes.filled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.DeviceBytes;
import io.farblock.blockdev.Errno;
import io.farblock.blockdev.MemoryBlockDevice;
import io.farblock.raidsim.disk.FaultHit.Operation;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each fault: what it breaks, what it leaves alone, how it ends, and that it is on record. */
class FaultyDiskTest
{
    private static final int SECTOR = 512;

    private final FaultyDisk disk = new FaultyDisk(new MemoryBlockDevice("memory", 1024 * 1024));
    private final DeviceBytes bytes = new DeviceBytes(disk);

    @BeforeEach
    void fillDisk()
    {
        bytes.write(0, filled(1, 64 * SECTOR));
    }

    @Test
    void shouldFailReadsThatTouchALatentSector()
    {
        final DiskFault fault = new DiskFault.LatentSectors(8 * SECTOR + 100, 1);
        disk.inject(fault);

        final int result = bytes.tryRead(7 * SECTOR, 2 * SECTOR);

        assertThat(result).isEqualTo(-Errno.EIO);
        assertThat(bytes.tryRead(7 * SECTOR, SECTOR)).isEqualTo(SECTOR);
        assertThat(bytes.tryRead(9 * SECTOR, SECTOR)).isEqualTo(SECTOR);
        assertThat(disk.hits())
            .containsExactly(new FaultHit(fault, Operation.READ, 7 * SECTOR, 2 * SECTOR, Errno.EIO));
        assertThat(disk.hits().get(0).fault()).isSameAs(fault);
    }

    @Test
    void shouldLeaveTheBufferOfAFailedReadAlone()
    {
        final ByteBuffer buffer = AlignedBuffers.allocate(SECTOR);
        buffer.put(0, filled(7, SECTOR));
        disk.inject(new DiskFault.LatentSectors(0, SECTOR));

        final int result = disk.read(0, buffer, 0, SECTOR);

        assertThat(result).isEqualTo(-Errno.EIO);
        assertThat(DeviceBytes.content(buffer)).containsOnly(7);
    }

    @Test
    void shouldMendALatentSectorWhenItIsWrittenAgain()
    {
        disk.inject(new DiskFault.LatentSectors(8 * SECTOR, 4 * SECTOR));

        bytes.write(9 * SECTOR, filled(2, SECTOR));

        assertThat(bytes.read(9 * SECTOR, SECTOR)).containsOnly(2);
        assertThat(disk.isUnreadable(8 * SECTOR, SECTOR)).isTrue();
        assertThat(disk.isUnreadable(9 * SECTOR, SECTOR)).isFalse();
        assertThat(disk.isUnreadable(10 * SECTOR, SECTOR)).isTrue();
        assertThat(disk.hitCount()).isZero();
    }

    @Test
    void shouldMendByZeroingAndNotByDiscarding()
    {
        disk.inject(new DiskFault.LatentSectors(0, 2 * SECTOR));

        disk.discard(0, 2 * SECTOR);
        disk.zero(SECTOR, SECTOR);

        assertThat(disk.isUnreadable(0, SECTOR)).isTrue();
        assertThat(bytes.read(SECTOR, SECTOR)).containsOnly(0);
    }

    @Test
    void shouldNotMendWhatCouldNotBeWritten()
    {
        disk.inject(new DiskFault.LatentSectors(0, 4 * SECTOR));
        disk.inject(new DiskFault.UnwritableSectors(2 * SECTOR, SECTOR));

        final int result = bytes.tryWrite(0, filled(2, 4 * SECTOR));

        assertThat(result).isEqualTo(-Errno.EIO);
        assertThat(disk.isUnreadable(0, 2 * SECTOR)).isFalse();
        assertThat(disk.isUnreadable(2 * SECTOR, SECTOR)).isTrue();
        assertThat(disk.isUnreadable(3 * SECTOR, SECTOR)).isTrue();
    }

    @Test
    void shouldWriteWhatComesBeforeTheFirstUnwritableSectorAndNoMore()
    {
        disk.inject(new DiskFault.UnwritableSectors(6 * SECTOR, SECTOR));
        final DiskFault first = new DiskFault.UnwritableSectors(2 * SECTOR, SECTOR);
        disk.inject(first);

        final int result = bytes.tryWrite(0, filled(2, 8 * SECTOR));

        assertThat(result).isEqualTo(-Errno.EIO);
        assertThat(bytes.read(0, 2 * SECTOR)).containsOnly(2);
        assertThat(bytes.read(2 * SECTOR, 6 * SECTOR)).containsOnly(1);
        assertThat(disk.hits()).containsExactly(new FaultHit(first, Operation.WRITE, 0, 8 * SECTOR, Errno.EIO));
    }

    @Test
    void shouldZeroWhatComesBeforeTheFirstUnwritableSector()
    {
        final DiskFault fault = new DiskFault.UnwritableSectors(2 * SECTOR, SECTOR);
        disk.inject(fault);

        final int result = disk.zero(0, 4 * SECTOR);

        assertThat(result).isEqualTo(-Errno.EIO);
        assertThat(bytes.read(0, 2 * SECTOR)).containsOnly(0);
        assertThat(bytes.read(2 * SECTOR, 2 * SECTOR)).containsOnly(1);
        disk.heal(fault);
        assertThat(disk.zero(0, 4 * SECTOR)).isZero();
    }

    @Test
    void shouldFailAsManyFlushesAsAsked()
    {
        final DiskFault fault = new DiskFault.FailingFlush(2);
        disk.inject(fault);

        final int[] results = {disk.flush(), disk.flush(), disk.flush()};

        assertThat(results).containsExactly(-Errno.EIO, -Errno.EIO, 0);
        assertThat(disk.hits()).hasSize(2).allMatch(hit -> hit.fault() == fault && hit.operation() == Operation.FLUSH);
    }

    @Test
    void shouldAnswerEveryCallWithTheErrorOfTheLossUntilHealed()
    {
        final DiskFault fault = new DiskFault.Loss(Errno.ENXIO);
        disk.inject(fault);

        final int[] results = {bytes.tryRead(0, SECTOR), bytes.tryWrite(0, filled(2, SECTOR)), disk.zero(0, SECTOR),
            disk.discard(0, SECTOR), disk.flush(), (int)disk.nextData(0), (int)disk.nextHole(0)};

        assertThat(results).containsOnly(-Errno.ENXIO);
        assertThat(disk.hits()).extracting(FaultHit::operation).containsExactly(Operation.READ, Operation.WRITE,
            Operation.ZERO, Operation.DISCARD, Operation.FLUSH, Operation.NEXT_DATA, Operation.NEXT_HOLE);
        disk.heal(fault);
        assertThat(bytes.read(0, SECTOR)).containsOnly(1);
    }

    @Test
    void shouldHealOneFaultAndKeepTheOthers()
    {
        final DiskFault first = new DiskFault.LatentSectors(0, SECTOR);
        final DiskFault second = new DiskFault.LatentSectors(SECTOR, SECTOR);
        disk.inject(first);
        disk.inject(second);

        disk.heal(first);

        assertThat(disk.isUnreadable(0, SECTOR)).isFalse();
        assertThat(disk.isUnreadable(SECTOR, SECTOR)).isTrue();
    }

    @Test
    void shouldCountMoreHitsThanItKeeps()
    {
        disk.inject(new DiskFault.FailingFlush(FaultyDisk.HITS_KEPT + 5));

        for (int i = 0; i < FaultyDisk.HITS_KEPT + 5; i++)
        {
            disk.flush();
        }

        assertThat(disk.hits()).hasSize(FaultyDisk.HITS_KEPT);
        assertThat(disk.hitCount()).isEqualTo(FaultyDisk.HITS_KEPT + 5);
    }

    @Test
    void shouldRefuseFaultsThatMeanNothing()
    {
        assertThatThrownBy(() -> new DiskFault.LatentSectors(0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new DiskFault.UnwritableSectors(-1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new DiskFault.FailingFlush(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new DiskFault.Loss(-5)).isInstanceOf(IllegalArgumentException.class);
    }
}
