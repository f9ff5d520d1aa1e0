package io.farblock.powersim;

import static io.farblock.blockdev.DeviceBytes.filled;
import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.DeviceBytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Writes, zeroes and flushes a device at random, some of it durably, and knows what each unit of it may hold after a
 * cut: what the last promise left there, or what came later. Each write is filled with a number of its own. One thread.
 */
final class CutHistory
{
    private final BlockDevice device;
    private final int unitBytes;
    private final List<List<Byte>> allowed = new ArrayList<>();
    private final SplittableRandom random;

    /** @param unitBytes all that is asked for lies at multiples of it. */
    CutHistory(final BlockDevice device, final int unitBytes, final long seed)
    {
        this.device = device;
        this.unitBytes = unitBytes;
        random = new SplittableRandom(seed);
        for (int unit = 0; unit < units(); unit++)
        {
            allowed.add(new ArrayList<>(List.of((byte)0)));
        }
    }

    void run(final int steps)
    {
        for (int step = 1; step <= steps; step++)
        {
            final int from = random.nextInt(units());
            final int count = 1 + random.nextInt(Math.min(20, units() - from));
            switch (random.nextInt(12))
            {
                case 0 -> flush();
                case 1, 2 -> writeDurably(from, count, (byte)step);
                case 3 -> zero(from, count, false);
                case 4 -> zero(from, count, true);
                default -> write(from, count, (byte)step);
            }
        }
    }

    /** @throws AssertionError when a unit holds what it may not, or is torn. */
    void check(final String when)
    {
        final byte[] found = new DeviceBytes(device).read(0, units() * unitBytes);
        for (int unit = 0; unit < units(); unit++)
        {
            final byte[] one = Arrays.copyOfRange(found, unit * unitBytes, (unit + 1) * unitBytes);
            assertThat(one).as("%s, unit %d is not torn", when, unit).isEqualTo(filled(one[0], unitBytes));
            assertThat(allowed.get(unit)).as("%s, unit %d", when, unit).contains(one[0]);
        }
    }

    private int units()
    {
        return (int)(device.geometry().sizeBytes() / unitBytes);
    }

    private void write(final int from, final int count, final byte value)
    {
        new DeviceBytes(device).write((long)from * unitBytes, filled(value, count * unitBytes));
        allowed.subList(from, from + count).forEach(values -> values.add(value));
    }

    private void writeDurably(final int from, final int count, final byte value)
    {
        final int length = count * unitBytes;
        final ByteBuffer buffer = AlignedBuffers.allocate(length).put(0, filled(value, length));
        assertThat(device.writeDurable((long)from * unitBytes, buffer, 0, length)).isEqualTo(length);
        promised(from, count, value);
    }

    private void zero(final int from, final int count, final boolean durably)
    {
        final long offset = (long)from * unitBytes;
        final long length = (long)count * unitBytes;
        assertThat(durably ? device.zeroDurable(offset, length) : device.zero(offset, length)).isZero();
        if (durably)
        {
            promised(from, count, (byte)0);
        }
        else
        {
            allowed.subList(from, from + count).forEach(values -> values.add((byte)0));
        }
    }

    private void flush()
    {
        assertThat(device.flush()).isZero();
        allowed.forEach(values -> values.subList(0, values.size() - 1).clear());
    }

    private void promised(final int from, final int count, final byte value)
    {
        allowed.subList(from, from + count).forEach(values ->
        {
            values.clear();
            values.add(value);
        });
    }
}
