package io.farblock.raidsim.disk;

import static io.farblock.blockdev.DeviceBytes.filled;
import static io.farblock.blockdev.DeviceBytes.pattern;
import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.DeviceBytes;
import io.farblock.blockdev.MemoryBlockDevice;
import io.farblock.raidsim.disk.FaultHit.Operation;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Bits that flip on the medium: silently, the same at every read, until the sector is written again. */
class BitRotTest
{
    private static final int SECTOR = 512;
    private static final int SIZE = 64 * SECTOR;

    private final FaultyDisk disk = new FaultyDisk(new MemoryBlockDevice("memory", SIZE));
    private final DeviceBytes bytes = new DeviceBytes(disk);

    @Test
    void shouldFlipAsManyBitsOfEachSectorAsAsked()
    {
        for (final int bits : new int[]{1, 3, 64, 4096})
        {
            final byte[] data = pattern(bits, SIZE);
            bytes.write(0, data);
            disk.inject(new DiskFault.BitRot(4 * SECTOR, 8 * SECTOR, bits, bits));

            final byte[] found = bytes.read(0, SIZE);

            for (int at = 0; at < SIZE; at += SECTOR)
            {
                final int expected = at >= 4 * SECTOR && at < 12 * SECTOR ? bits : 0;
                assertThat(differingBits(data, found, at)).as("bits=%d, sector %d", bits, at / SECTOR)
                    .isEqualTo(expected);
            }
        }
    }

    @Test
    void shouldFlipTheSameBitsHoweverTheSectorIsRead()
    {
        disk.inject(new DiskFault.BitRot(0, SIZE, 5, 99));

        final byte[] all = bytes.read(0, SIZE);

        assertThat(bytes.read(3 * SECTOR, SECTOR)).isEqualTo(Arrays.copyOfRange(all, 3 * SECTOR, 4 * SECTOR));
        assertThat(bytes.read(0, SIZE)).isEqualTo(all);
        assertThat(bytes.read(SECTOR, SECTOR)).isNotEqualTo(Arrays.copyOf(all, SECTOR));
    }

    @Test
    void shouldMendWhatIsWrittenAgainAndRecordEveryReadThatWasWrong()
    {
        final DiskFault fault = new DiskFault.BitRot(0, 4 * SECTOR, 1, 3);
        disk.inject(fault);
        bytes.read(0, 8 * SECTOR);

        bytes.write(SECTOR, filled(7, SECTOR));
        disk.zero(3 * SECTOR, SECTOR);

        assertThat(bytes.read(SECTOR, SECTOR)).containsOnly(7);
        assertThat(bytes.read(3 * SECTOR, SECTOR)).containsOnly(0);
        assertThat(disk.hits()).containsExactly(new FaultHit(fault, Operation.READ, 0, 8 * SECTOR, 0));
        assertThat(differingBits(new byte[SECTOR], bytes.read(2 * SECTOR, SECTOR), 0)).isEqualTo(1);
    }

    private static int differingBits(final byte[] expected, final byte[] found, final int from)
    {
        int bits = 0;
        for (int i = from; i < from + SECTOR; i++)
        {
            bits += Integer.bitCount((expected[i] ^ found[i]) & 0xff);
        }
        return bits;
    }
}
