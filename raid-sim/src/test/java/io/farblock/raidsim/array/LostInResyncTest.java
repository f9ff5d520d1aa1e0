package io.farblock.raidsim.array;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.DeviceBytes;
import io.farblock.blockdev.raid.RaidLevel;
import java.nio.ByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A disk is lost after a crash, before all stripes are in step again: what it held in a torn stripe is an error until
 * it is written, also after a spare was filled, after more disks were lost, and after a restart. Never wrong data.
 */
class LostInResyncTest
{
    private static final int CUTS = 16;
    private static final int CHUNK = 4096;
    private static final int STRIPES = 16;
    private static final int TORN = 3;

    private Rail rail;
    private long nowNs;

    @ParameterizedTest
    @CsvSource({"RAID5, 3, 0", "RAID5, 4, 4096", "RAID6, 5, 0", "RAID6, 5, 4096"})
    void shouldNotComputeFromTornStripes(final RaidLevel level, final int slots, final long bitmapChunk)
        throws Exception
    {
        int errors = 0;

        for (int cut = 0; cut < CUTS; cut++)
        {
            final RaidArray array = cutInMidWrite(level, slots, bitmapChunk, cut);
            final int victim = ArrayShape.layoutOf(array.description()).slot(TORN, 1);
            array.fail(victim);
            work(array);
            errors += check(array, cut);
            array.add(rail.handles().get(slots));
            work(array);
            check(array, cut);
            for (int i = 1; i <= (level == RaidLevel.RAID6 ? 2 : 1); i++)
            {
                array.fail((victim + i) % slots);
            }
            work(array);
            check(array, cut);
        }

        assertThat(errors).as("reads that were refused").isPositive();
    }

    /** All stripes hold 7 everywhere, durably; the first data strip of one is written over when the power goes. */
    private RaidArray cutInMidWrite(final RaidLevel level, final int slots, final long bitmapChunk, final int seed)
        throws RaidException
    {
        rail = new Rail(slots + 1, ArrayLab.HEAD_BYTES + STRIPES * CHUNK, seed);
        final RaidArray array = Assembly.create(ArrayShape.of(level).withChunk(CHUNK).withBitmap(bitmapChunk),
            "lost", ArrayLab.ID, slots, rail.handles().subList(0, slots), ArrayLab.options());
        write(array, 0, 7, (int)array.geometry().sizeBytes());
        assertThat(array.flush()).isZero();
        rail.cutAfter(seed % 8);
        final long offset = ArrayShape.layoutOf(array.description()).arrayOffset(TORN);
        for (int value = 8; !rail.isCut(); value++)
        {
            write(array, offset, value, CHUNK);
        }
        rail.powerUp();
        return Assembly.open(rail.handles().subList(0, slots), ArrayLab.options());
    }

    private static void write(final RaidArray array, final long offset, final int value, final int length)
    {
        final ByteBuffer data = AlignedBuffers.allocate(length);
        for (int i = 0; i < length; i++)
        {
            data.put(i, (byte)value);
        }
        array.write(offset, data, 0, length);
    }

    private void work(final RaidArray array)
    {
        for (int i = 0; i < 200; i++)
        {
            nowNs += array.work(nowNs) + 1;
        }
    }

    /** All but the chunk that was being written; says how many chunks cannot be read. */
    private static int check(final RaidArray array, final int cut) throws RaidException
    {
        final int size = (int)array.geometry().sizeBytes();
        final long torn = ArrayShape.layoutOf(array.description()).arrayOffset(TORN);
        int errors = 0;
        for (int at = 0; at < size; at += CHUNK)
        {
            final ByteBuffer found = AlignedBuffers.allocate(CHUNK);
            final int result = array.read(at, found, 0, CHUNK);
            errors += result < 0 ? 1 : 0;
            if (result >= 0 && at != torn)
            {
                assertThat(DeviceBytes.content(found)).as("chunk at %d, cut %d, %s", at, cut, array.events())
                    .isEqualTo(DeviceBytes.filled(7, CHUNK));
            }
        }
        return errors;
    }
}
