package io.farblock.blockdev;

import static io.farblock.blockdev.DeviceBytes.content;
import static io.farblock.blockdev.DeviceBytes.fill;
import static io.farblock.blockdev.DeviceBytes.pattern;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link BlockDevice} must do. A subclass gives the device; each test gets a new one, whose content may be
 * anything, behind a {@link CheckedBlockDevice}. Runs on the test's thread. A failure of the random test names its
 * seed; {@code -Dcontract.seed=N} repeats it.
 */
public abstract class BlockDeviceContract
{
    private static final long SIZE_BYTES = 1024 * 1024;

    private BlockDevice device;
    private DeviceBytes bytes;
    private int sector;
    private int size;

    /** A device of {@code sizeBytes}, open for writing; the contract closes it. */
    protected abstract BlockDevice createDevice(long sizeBytes) throws Exception;

    /** Called when the device is closed, also after a failure: detaches and deletes what was under it. */
    protected void releaseDevice() throws Exception
    {
    }

    @BeforeEach
    final void openDevice() throws Exception
    {
        device = new CheckedBlockDevice(createDevice(SIZE_BYTES));
        bytes = new DeviceBytes(device);
        sector = device.geometry().sectorBytes();
        size = (int)device.geometry().sizeBytes();
    }

    @AfterEach
    final void closeDevice() throws Exception
    {
        try
        {
            if (device != null)
            {
                device.close();
            }
        }
        finally
        {
            releaseDevice();
        }
    }

    @Test
    void shouldTellItsGeometry()
    {
        final Geometry geometry = device.geometry();

        assertThat(geometry.sizeBytes()).isEqualTo(SIZE_BYTES);
        assertThat(geometry.sectorBytes()).isBetween(512, 65536);
        assertThat(geometry.alignmentBytes()).isBetween(1, 65536);
        assertThat(device.name()).isNotBlank();
    }

    @Test
    void shouldReadBackWhatWasWrittenAtTheEdges()
    {
        final byte[] first = pattern(1, sector);
        final byte[] last = pattern(2, sector);
        final byte[] middle = pattern(3, 3 * sector);

        bytes.write(0, first);
        bytes.write(size - sector, last);
        bytes.write(65536 - sector, middle);

        assertThat(bytes.read(0, sector)).isEqualTo(first);
        assertThat(bytes.read(size - sector, sector)).isEqualTo(last);
        assertThat(bytes.read(65536 - sector, 3 * sector)).isEqualTo(middle);
    }

    @Test
    void shouldWriteOneSectorAndLeaveItsNeighboursAlone()
    {
        final byte[] before = pattern(4, size);
        bytes.write(0, before);
        final byte[] one = pattern(5, sector);

        bytes.write(7L * sector, one);

        System.arraycopy(one, 0, before, 7 * sector, sector);
        assertThat(bytes.read(0, size)).isEqualTo(before);
    }

    @Test
    void shouldTransferTheWholeDeviceAtOnce()
    {
        final byte[] all = pattern(6, size);

        bytes.write(0, all);

        assertThat(bytes.read(0, size)).isEqualTo(all);
    }

    @Test
    void shouldUseOnlyTheGivenPartOfTheBufferAndLeaveItsPositionAlone()
    {
        final int step = Math.max(sector, device.geometry().alignmentBytes());
        final ByteBuffer buffer = AlignedBuffers.allocate(3 * step);
        final byte[] written = pattern(7, sector);
        bytes.write(0, written);
        fill(buffer, (byte)0x55);
        buffer.position(5).limit(step * 2);

        final int result = device.read(0, buffer, step, sector);

        final byte[] expected = new byte[3 * step];
        Arrays.fill(expected, (byte)0x55);
        System.arraycopy(written, 0, expected, step, sector);
        assertThat(result).isEqualTo(sector);
        assertThat(buffer.position()).isEqualTo(5);
        assertThat(buffer.limit()).isEqualTo(step * 2);
        assertThat(content(buffer.clear())).isEqualTo(expected);
    }

    @Test
    void shouldAcceptEmptyTransfersAndRanges()
    {
        final ByteBuffer buffer = AlignedBuffers.allocate(sector);

        final int[] results = {device.read(size, buffer, 0, 0), device.write(0, buffer, 0, 0), device.zero(size, 0)};

        assertThat(results).containsOnly(0);
        assertThat(device.discard(0, 0)).isIn(0, -Errno.EOPNOTSUPP);
    }

    @Test
    void shouldRefuseWhatIsOutOfBounds()
    {
        final ByteBuffer buffer = AlignedBuffers.allocate(4 * sector);
        final ByteBuffer limited = AlignedBuffers.allocate(4 * sector).limit(sector);

        final int[] results = {
            device.read(size, buffer, 0, sector), device.read(-sector, buffer, 0, sector),
            device.read(size - sector, buffer, 0, 2 * sector), device.write(size, buffer, 0, sector),
            device.write(Long.MAX_VALUE - sector + 1, buffer, 0, sector), device.read(0, buffer, 0, 5 * sector),
            device.read(0, limited, 0, 2 * sector), device.read(0, buffer, -sector, sector),
            device.write(0, buffer, 0, -sector), device.writeDurable(size, buffer, 0, sector),
            device.zeroDurable(sector, size), device.writeDurable(0, buffer, 0, 5 * sector),
            device.zero(0, size + (long)sector), device.zero(-sector, sector), device.zero(sector, Long.MAX_VALUE),
            device.discard(size, sector), device.discard(0, -sector), (int)device.nextData(size + (long)sector),
            (int)device.nextHole(-sector)};

        assertThat(results).containsOnly(-Errno.EINVAL);
    }

    @Test
    void shouldRefuseWhatIsNotAligned()
    {
        final ByteBuffer buffer = AlignedBuffers.allocate(4 * sector);

        final int[] results = {
            device.read(1, buffer, 0, sector), device.read(0, buffer, 0, sector - 1),
            device.write(sector / 2, buffer, 0, sector), device.zero(1, sector), device.zero(0, sector + 1),
            device.discard(sector - 1, sector), device.read(0, ByteBuffer.allocate(sector), 0, sector)};

        assertThat(results).containsOnly(-Errno.EINVAL);
    }

    @Test
    void shouldZeroExactlyTheRange()
    {
        final byte[] expected = pattern(8, size);
        bytes.write(0, expected);
        final int[][] ranges = {{sector, sector}, {4096 - sector, 8192 + 2 * sector}, {65536, 65536},
            {3 * 65536 - sector, 2 * 65536 + 2 * sector}, {size - sector, sector}};
        for (final int[] range : ranges)
        {
            assertThat(device.zero(range[0], range[1])).isZero();
            Arrays.fill(expected, range[0], range[0] + range[1], (byte)0);
        }

        assertThat(bytes.read(0, size)).isEqualTo(expected);
    }

    @Test
    void shouldDiscardWithoutTouchingTheNeighbours()
    {
        final byte[] before = pattern(9, size);
        bytes.write(0, before);
        final int from = 65536 - sector;
        final int to = 3 * 65536 + sector;

        final int result = device.discard(from, to - from);

        final byte[] after = bytes.read(0, size);
        assertThat(result).isIn(0, -Errno.EOPNOTSUPP);
        assertThat(Arrays.copyOf(after, from)).isEqualTo(Arrays.copyOf(before, from));
        assertThat(Arrays.copyOfRange(after, to, size)).isEqualTo(Arrays.copyOfRange(before, to, size));
    }

    @Test
    void shouldTakeWritesWhereItWasZeroedOrDiscarded()
    {
        final byte[] data = pattern(10, 65536);
        device.zero(0, size);
        device.discard(65536, 65536);

        bytes.write(65536, data);

        assertThat(bytes.read(65536, 65536)).isEqualTo(data);
        assertThat(bytes.read(0, 65536)).containsOnly(0);
    }

    @Test
    void shouldNeverCallDataAHole()
    {
        device.zero(0, size);
        bytes.write(5L * 65536 + sector, pattern(11, sector));
        bytes.write(9L * 65536, pattern(12, 65536));
        bytes.write(size - sector, pattern(13, sector));

        final BitSet data = new BitSet();
        long at = 0;
        int rounds = 0;
        while (at < size)
        {
            final long from = device.nextData(at);
            final long to = device.nextHole(from);
            assertThat(from).isBetween(at, (long)size).matches(value -> value % sector == 0);
            assertThat(to).isBetween(Math.min(from + sector, size), (long)size).matches(value -> value % sector == 0);
            data.set((int)from / sector, (int)to / sector);
            at = to;
            assertThat(++rounds).isLessThan(size / sector);
        }

        for (int i = 0; i < size / sector; i++)
        {
            if (!data.get(i))
            {
                assertThat(bytes.read((long)i * sector, sector)).as("hole at sector %d", i).containsOnly(0);
            }
        }
        assertThat(data.get(size / sector - 1)).isTrue();
        assertThat(data.get((5 * 65536 + sector) / sector)).isTrue();
    }

    @Test
    void shouldAnswerTheSizeAtTheEnd()
    {
        final long[] answers = {device.nextData(size), device.nextHole(size)};

        assertThat(answers).containsOnly(size);
    }

    @Test
    void shouldFlushAndKeepTheContent()
    {
        final byte[] data = pattern(14, 65536);
        bytes.write(0, data);

        final int[] results = {device.flush(), device.flush()};

        assertThat(results).containsOnly(0);
        assertThat(bytes.read(0, 65536)).isEqualTo(data);
    }

    @Test
    void shouldWriteAndZeroDurablyExactlyTheRange()
    {
        final byte[] expected = pattern(15, size);
        final byte[] data = pattern(16, 65536 + sector);
        final ByteBuffer buffer = AlignedBuffers.allocate(data.length).put(0, data);
        bytes.write(0, expected);

        final int[] results = {device.writeDurable(sector, buffer, 0, data.length),
            device.zeroDurable(3 * 65536 - sector, 65536 + 2L * sector), device.writeDurable(size, buffer, 0, 0),
            device.zeroDurable(0, 0)};

        System.arraycopy(data, 0, expected, sector, data.length);
        Arrays.fill(expected, 3 * 65536 - sector, 4 * 65536 + sector, (byte)0);
        assertThat(results).containsExactly(data.length, 0, 0, 0);
        assertThat(bytes.read(0, size)).isEqualTo(expected);
    }

    @Test
    void shouldRefuseEverythingWhenClosedAndCloseTwice()
    {
        final ByteBuffer buffer = AlignedBuffers.allocate(sector);
        device.close();
        device.close();

        final int[] results = {device.read(0, buffer, 0, sector), device.write(0, buffer, 0, sector),
            device.zero(0, sector), device.discard(0, sector), device.flush(), (int)device.nextData(0),
            device.writeDurable(0, buffer, 0, sector), device.zeroDurable(0, sector)};

        assertThat(results).containsOnly(-Errno.EBADF);
    }

    @Test
    void shouldBehaveLikeAByteArray()
    {
        final long seed = Long.getLong("contract.seed", System.nanoTime());
        final SplittableRandom random = new SplittableRandom(seed);
        final byte[] model = pattern(seed, size);
        final BitSet unknown = new BitSet();
        bytes.write(0, model);

        for (int step = 0; step < 500; step++)
        {
            final int from = random.nextInt(size / sector) * sector;
            final int length = (1 + random.nextInt(Math.min(256, (size - from) / sector))) * sector;
            switch (random.nextInt(8))
            {
                case 0 -> zeroBoth(model, unknown, from, length);
                case 1 -> discardBoth(unknown, from, length);
                case 2 -> assertThat(device.flush()).as("flush, seed %d, step %d", seed, step).isZero();
                case 3, 4 -> writeBoth(model, unknown, from, pattern(random.nextLong(), length));
                case 5 -> writeBothDurably(model, unknown, from, pattern(random.nextLong(), length));
                default -> compare(model, unknown, from, length, "seed " + seed + ", step " + step);
            }
        }

        compare(model, unknown, 0, size, "seed " + seed + ", at the end");
    }

    private void zeroBoth(final byte[] model, final BitSet unknown, final int from, final int length)
    {
        assertThat(device.zero(from, length)).isZero();
        Arrays.fill(model, from, from + length, (byte)0);
        unknown.clear(from / sector, (from + length) / sector);
    }

    private void discardBoth(final BitSet unknown, final int from, final int length)
    {
        assertThat(device.discard(from, length)).isIn(0, -Errno.EOPNOTSUPP);
        unknown.set(from / sector, (from + length) / sector);
    }

    private void writeBoth(final byte[] model, final BitSet unknown, final int from, final byte[] data)
    {
        bytes.write(from, data);
        System.arraycopy(data, 0, model, from, data.length);
        unknown.clear(from / sector, (from + data.length) / sector);
    }

    private void writeBothDurably(final byte[] model, final BitSet unknown, final int from, final byte[] data)
    {
        final ByteBuffer buffer = AlignedBuffers.allocate(data.length).put(0, data);
        assertThat(device.writeDurable(from, buffer, 0, data.length)).isEqualTo(data.length);
        System.arraycopy(data, 0, model, from, data.length);
        unknown.clear(from / sector, (from + data.length) / sector);
    }

    private void compare(final byte[] model, final BitSet unknown, final int from, final int length, final String when)
    {
        final byte[] found = bytes.read(from, length);
        for (int at = from; at < from + length; at += sector)
        {
            final int within = at - from;
            if (!unknown.get(at / sector) &&
                !Arrays.equals(model, at, at + sector, found, within, within + sector))
            {
                throw new AssertionError(device.name() + " differs from the model in the sector at byte " + at + ", " +
                    when);
            }
        }
    }
}
