package io.farblock.powersim;

import static io.farblock.blockdev.DeviceBytes.filled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.DeviceBytes;
import io.farblock.blockdev.Errno;
import io.farblock.blockdev.Geometry;
import io.farblock.blockdev.MemoryBlockDevice;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What a power cut may do to a volatile device, and what it may not. */
class VolatileDeviceTest
{
    private static final int SECTOR = 512;
    private static final int SECTORS = 256;
    private static final int SIZE_BYTES = SECTORS * SECTOR;

    private final MemoryBlockDevice medium = new MemoryBlockDevice("memory", SIZE_BYTES);
    private final DeviceBytes onMedium = new DeviceBytes(medium);
    private final VolatileDevice device = new VolatileDevice(medium);
    private final DeviceBytes bytes = new DeviceBytes(device);

    @Test
    void shouldShowWritesBeforeTheyReachTheMedium()
    {
        bytes.write(0, filled(1, 4 * SECTOR));
        device.zero(SECTOR, SECTOR);

        final byte[] seen = bytes.read(0, 4 * SECTOR);

        assertThat(Arrays.copyOf(seen, SECTOR)).containsOnly(1);
        assertThat(Arrays.copyOfRange(seen, SECTOR, 2 * SECTOR)).containsOnly(0);
        assertThat(onMedium.read(0, 4 * SECTOR)).containsOnly(0);
        assertThat(device.unflushedWrites()).isEqualTo(2);
    }

    @Test
    void shouldBringEverythingToTheMediumWhenFlushed()
    {
        bytes.write(0, filled(1, 4 * SECTOR));

        final int result = device.flush();

        assertThat(result).isZero();
        assertThat(onMedium.read(0, 4 * SECTOR)).containsOnly(1);
        assertThat(device.unflushedWrites()).isZero();
    }

    @Test
    void shouldKeepWhatWasFlushedWhateverTheSeed()
    {
        for (int seed = 0; seed < 100; seed++)
        {
            bytes.write(0, filled(seed + 1, 64 * SECTOR));
            device.flush();
            bytes.write(64 * SECTOR, filled(99, 64 * SECTOR));

            device.cut(seed);
            device.restore();

            assertThat(bytes.read(0, 64 * SECTOR)).as("seed %d", seed).containsOnly(seed + 1);
        }
    }

    /**
     * Sectors are written several times with the number of the write, some of them flushed. After the cut each must
     * hold one number throughout: that of its last flushed write, or of a later one.
     */
    @Test
    void shouldLeaveEachSectorOldOrNewAndNothingElse()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            final VolatileDevice subject = new VolatileDevice(new MemoryBlockDevice("memory", SIZE_BYTES));
            final DeviceBytes content = new DeviceBytes(subject);
            final List<List<Byte>> allowed = writeAtRandom(subject, content, new SplittableRandom(seed));

            subject.cut(seed);
            subject.restore();

            final byte[] found = content.read(0, SIZE_BYTES);
            for (int sector = 0; sector < SECTORS; sector++)
            {
                final byte[] one = Arrays.copyOfRange(found, sector * SECTOR, (sector + 1) * SECTOR);
                assertThat(one).as("seed %d, sector %d", seed, sector).containsOnly(one[0]);
                assertThat(allowed.get(sector)).as("seed %d, sector %d", seed, sector).contains(one[0]);
            }
        }
    }

    @Test
    void shouldDoTheSameAgainUnderTheSameSeed()
    {
        final VolatileDevice first = new VolatileDevice(new MemoryBlockDevice("first", SIZE_BYTES));
        final VolatileDevice second = new VolatileDevice(new MemoryBlockDevice("second", SIZE_BYTES));
        writeAtRandom(first, new DeviceBytes(first), new SplittableRandom(1));
        writeAtRandom(second, new DeviceBytes(second), new SplittableRandom(1));

        final CutReport one = first.cut(42);
        final CutReport other = second.cut(42);

        first.restore();
        second.restore();
        assertThat(one).isEqualTo(other);
        assertThat(new DeviceBytes(first).read(0, SIZE_BYTES)).isEqualTo(new DeviceBytes(second).read(0, SIZE_BYTES));
    }

    @Test
    void shouldKeepDropAndTear()
    {
        int kept = 0;
        int dropped = 0;
        int torn = 0;
        for (int seed = 0; seed < 50; seed++)
        {
            bytes.write(0, filled(1, 8 * SECTOR));
            bytes.write(8 * SECTOR, filled(1, 8 * SECTOR));

            final CutReport report = device.cut(seed);

            device.restore();
            kept += report.kept();
            dropped += report.dropped();
            torn += report.torn();
        }
        assertThat(kept + dropped + torn).isEqualTo(100);
        assertThat(List.of(kept, dropped, torn)).allMatch(count -> count > 10);
    }

    @Test
    void shouldBeDeadUntilRestored()
    {
        bytes.write(0, filled(1, SECTOR));
        device.cut(1);

        final int[] results = {bytes.tryRead(0, SECTOR), bytes.tryWrite(0, filled(2, SECTOR)), device.zero(0, SECTOR),
            device.discard(0, SECTOR), device.flush(), (int)device.nextData(0), (int)device.nextHole(0)};

        assertThat(results).containsOnly(-Errno.EIO);
        assertThat(device.isDead()).isTrue();
        assertThatThrownBy(() -> device.cut(2)).isInstanceOf(IllegalStateException.class);
        device.restore();
        assertThat(bytes.tryRead(0, SECTOR)).isEqualTo(SECTOR);
        assertThat(device.unflushedWrites()).isZero();
    }

    @Test
    void shouldNotCacheMoreThanItMay()
    {
        final VolatileDevice small = new VolatileDevice(medium, VolatileSetup.plain().withCacheBytes(4 * SECTOR));
        final DeviceBytes content = new DeviceBytes(small);

        for (int sector = 0; sector < 16; sector++)
        {
            content.write((long)sector * SECTOR, filled(sector + 1, SECTOR));
        }

        assertThat(small.unflushedWrites()).isEqualTo(4);
        assertThat(onMedium.read(11 * SECTOR, SECTOR)).containsOnly(12);
        assertThat(onMedium.read(12 * SECTOR, SECTOR)).containsOnly(0);
        assertThat(content.read(12 * SECTOR, SECTOR)).containsOnly(13);
    }

    @Test
    void shouldNotFlushWhenClosed()
    {
        final List<String> calls = new ArrayList<>();
        final VolatileDevice subject = new VolatileDevice(new Recorder(calls, 0));
        new DeviceBytes(subject).write(0, filled(1, SECTOR));

        subject.close();

        assertThat(calls).containsExactly("close");
    }

    @Test
    void shouldKeepWhatAFailedFlushDidNotBringToTheMedium()
    {
        final List<String> calls = new ArrayList<>();
        final VolatileDevice subject = new VolatileDevice(new Recorder(calls, -Errno.EIO));
        new DeviceBytes(subject).write(0, filled(1, SECTOR));

        final int result = subject.flush();

        assertThat(result).isEqualTo(-Errno.EIO);
        assertThat(subject.unflushedWrites()).isEqualTo(1);
        assertThat(calls).containsExactly("write");
    }

    /** Writes, zeroes and flushes; gives for each sector what it may hold after a cut. */
    private static List<List<Byte>> writeAtRandom(
        final VolatileDevice device, final DeviceBytes bytes, final SplittableRandom random)
    {
        final List<List<Byte>> allowed = new ArrayList<>();
        for (int sector = 0; sector < SECTORS; sector++)
        {
            allowed.add(new ArrayList<>(List.of((byte)0)));
        }
        for (int step = 1; step <= 60; step++)
        {
            final int from = random.nextInt(SECTORS);
            final int count = 1 + random.nextInt(Math.min(40, SECTORS - from));
            final boolean zero = random.nextInt(5) == 0;
            final byte value = zero ? 0 : (byte)step;
            if (zero)
            {
                device.zero((long)from * SECTOR, (long)count * SECTOR);
            }
            else
            {
                bytes.write((long)from * SECTOR, filled(value, count * SECTOR));
            }
            allowed.subList(from, from + count).forEach(values -> values.add(value));
            if (random.nextInt(10) == 0)
            {
                device.flush();
                allowed.forEach(values -> values.subList(0, values.size() - 1).clear());
            }
        }
        return allowed;
    }

    /** A medium that writes down what it is asked, and answers with one number. */
    private record Recorder(List<String> calls, int result) implements BlockDevice
    {
        @Override
        public Geometry geometry()
        {
            return new Geometry(SIZE_BYTES, SECTOR, 1);
        }

        @Override
        public int read(final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
        {
            calls.add("read");
            return result;
        }

        @Override
        public int write(final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
        {
            calls.add("write");
            return result;
        }

        @Override
        public int zero(final long offsetBytes, final long lengthBytes)
        {
            calls.add("zero");
            return result;
        }

        @Override
        public int discard(final long offsetBytes, final long lengthBytes)
        {
            calls.add("discard");
            return result;
        }

        @Override
        public int flush()
        {
            calls.add("flush");
            return result;
        }

        @Override
        public long nextData(final long offsetBytes)
        {
            return offsetBytes;
        }

        @Override
        public long nextHole(final long offsetBytes)
        {
            return SIZE_BYTES;
        }

        @Override
        public String name()
        {
            return "recorder";
        }

        @Override
        public void close()
        {
            calls.add("close");
        }
    }
}
