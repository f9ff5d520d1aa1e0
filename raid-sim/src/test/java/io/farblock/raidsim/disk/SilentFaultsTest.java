package io.farblock.raidsim.disk;

import static io.farblock.blockdev.DeviceBytes.filled;
import static io.farblock.blockdev.DeviceBytes.pattern;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farblock.blockdev.DeviceBytes;
import io.farblock.blockdev.MemoryBlockDevice;
import io.farblock.raidsim.disk.FaultHit.Operation;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Faults that answer that all is well: lost, torn and misdirected writes, misdirected reads. All are on record. */
class SilentFaultsTest
{
    private static final int SECTOR = 512;
    private static final int SIZE = 64 * SECTOR;

    private final FaultyDisk disk = new FaultyDisk(new MemoryBlockDevice("memory", SIZE));
    private final DeviceBytes bytes = new DeviceBytes(disk);

    @BeforeEach
    void fillDisk()
    {
        bytes.write(0, filled(1, SIZE));
    }

    @Test
    void shouldLoseAsManyWritesAsAskedAndNoMore()
    {
        final DiskFault fault = new DiskFault.LostWrites(2);
        disk.inject(fault);

        for (int i = 0; i < 3; i++)
        {
            bytes.write(i * SECTOR, filled(2, SECTOR));
        }

        assertThat(bytes.read(0, 2 * SECTOR)).containsOnly(1);
        assertThat(bytes.read(2 * SECTOR, SECTOR)).containsOnly(2);
        assertThat(disk.hits()).containsExactly(new FaultHit(fault, Operation.WRITE, 0, SECTOR, 0),
            new FaultHit(fault, Operation.WRITE, SECTOR, SECTOR, 0));
        assertThat(disk.hits().get(0).isSilent()).isTrue();
    }

    @Test
    void shouldNotMendWhatALostWriteWasMeantFor()
    {
        disk.inject(new DiskFault.LatentSectors(0, SECTOR));
        disk.inject(new DiskFault.LostWrites(1));

        bytes.write(0, filled(2, SECTOR));

        assertThat(disk.isUnreadable(0, SECTOR)).isTrue();
    }

    @Test
    void shouldWriteElsewhereAndKeepWhatTheRightPlaceHeld()
    {
        final DiskFault fault = new DiskFault.MisdirectedWrites(8 * SECTOR, 1);
        disk.inject(fault);

        bytes.write(SECTOR, filled(2, 2 * SECTOR));

        final byte[] expected = filled(1, SIZE);
        Arrays.fill(expected, 9 * SECTOR, 11 * SECTOR, (byte)2);
        assertThat(bytes.read(0, SIZE)).isEqualTo(expected);
        assertThat(disk.hits()).containsExactly(new FaultHit(fault, Operation.WRITE, SECTOR, 2 * SECTOR, 0),
            new FaultHit(fault, Operation.WRITE, 9 * SECTOR, 2 * SECTOR, 0));
    }

    @Test
    void shouldMisdirectBackwardsAtTheEndAndLeaveAloneWhatFitsNeitherWay()
    {
        disk.inject(new DiskFault.MisdirectedWrites(8 * SECTOR, 2));
        bytes.write(SIZE - SECTOR, filled(2, SECTOR));

        bytes.write(0, filled(3, SIZE));

        assertThat(disk.hits()).extracting(FaultHit::offsetBytes)
            .containsExactly((long)SIZE - SECTOR, (long)SIZE - 9 * SECTOR);
        assertThat(bytes.read(0, SIZE)).containsOnly(3);
    }

    @Test
    void shouldReadFromElsewhere()
    {
        bytes.write(9 * SECTOR, filled(2, SECTOR));
        final DiskFault fault = new DiskFault.MisdirectedReads(8 * SECTOR, 1);
        disk.inject(fault);

        final byte[] wrong = bytes.read(SECTOR, SECTOR);

        assertThat(wrong).containsOnly(2);
        assertThat(bytes.read(SECTOR, SECTOR)).containsOnly(1);
        assertThat(disk.hits()).containsExactly(new FaultHit(fault, Operation.READ, SECTOR, SECTOR, 0));
    }

    @Test
    void shouldTearWritesBetweenSectorsWhateverTheSeed()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            final byte[] before = pattern(seed, 8 * SECTOR);
            bytes.write(0, before);
            disk.inject(new DiskFault.TornWrites(1, seed));
            final byte[] after = pattern(~seed, 8 * SECTOR);

            bytes.write(0, after);

            final byte[] found = bytes.read(0, 8 * SECTOR);
            int landed = 0;
            for (int at = 0; at < found.length; at += SECTOR)
            {
                final boolean isNew = Arrays.equals(found, at, at + SECTOR, after, at, at + SECTOR);
                final boolean isOld = Arrays.equals(found, at, at + SECTOR, before, at, at + SECTOR);
                assertThat(isNew ^ isOld).as("seed %d, sector %d is old or new", seed, at / SECTOR).isTrue();
                landed += isNew ? 1 : 0;
            }
            assertThat(landed).as("seed %d", seed).isBetween(1, 7);
            assertThat(disk.hitCount()).isEqualTo(seed + 1);
        }
    }

    @Test
    void shouldWaitWithTearingForAWriteOfMoreThanOneSector()
    {
        disk.inject(new DiskFault.TornWrites(1, 7));

        bytes.write(0, filled(2, SECTOR));

        assertThat(bytes.read(0, SECTOR)).containsOnly(2);
        assertThat(disk.hitCount()).isZero();
    }

    @Test
    void shouldLetSeveralFaultsOfOneKindFollowOneAnother()
    {
        final DiskFault first = new DiskFault.LostWrites(1);
        final DiskFault second = new DiskFault.LostWrites(1);
        disk.inject(first);
        disk.inject(second);

        bytes.write(0, filled(2, SECTOR));
        bytes.write(0, filled(2, SECTOR));

        assertThat(disk.hits().get(0).fault()).isSameAs(first);
        assertThat(disk.hits().get(1).fault()).isSameAs(second);
    }

    @Test
    void shouldRefuseToMisdirectByLessThanASector()
    {
        assertThatThrownBy(() -> disk.inject(new DiskFault.MisdirectedWrites(100, 1)))
            .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("shiftBytes=100")
            .hasMessageContaining("512");
    }
}
