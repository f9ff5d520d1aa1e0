package io.farblock.blockdev.dirty;

import static io.farblock.blockdev.DeviceBytes.filled;
import static io.farblock.blockdev.dirty.DirtyMap.GRANULE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.CheckedBlockDevice;
import io.farblock.blockdev.DeviceBytes;
import io.farblock.blockdev.Errno;
import io.farblock.blockdev.Geometry;
import io.farblock.blockdev.MemoryBlockDevice;
import java.nio.ByteBuffer;
import java.util.BitSet;
import org.junit.jupiter.api.Test;

/** The tracker that asks the device for its data. */
class ScanTrackerTest
{
    private static final int BLOCK_BYTES = 65536;
    private static final int BLOCKS = 16;
    private static final int BLOCK_GRANULES = BLOCK_BYTES / GRANULE_BYTES;
    private static final long SIZE_BYTES = (long)BLOCKS * BLOCK_BYTES;

    private final BlockDevice device = new CheckedBlockDevice(new MemoryBlockDevice("volume", SIZE_BYTES));
    private final DeviceBytes bytes = new DeviceBytes(device);
    private final DirtyMap epoch = new DirtyMap(SIZE_BYTES);
    private final BitSet sealedBlocks = new BitSet();

    @Test
    void shouldNameNothingOfAnEmptyDevice()
    {
        final ScanTracker tracker = new ScanTracker(device, new Sealed());

        final int result = tracker.harvest(epoch);

        assertThat(result).isZero();
        assertThat(epoch.count()).isZero();
    }

    @Test
    void shouldNameAllThatHoldsData()
    {
        bytes.write(3 * BLOCK_BYTES, filled(1, 512));
        bytes.write(SIZE_BYTES - 512, filled(2, 512));
        final ScanTracker tracker = new ScanTracker(device, new Sealed());

        final int result = tracker.harvest(epoch);

        assertThat(result).isZero();
        assertThat(epoch.isMarked(3 * BLOCK_BYTES, 512)).isTrue();
        assertThat(epoch.isMarked(SIZE_BYTES - 512, 512)).isTrue();
        assertThat(epoch.count()).isEqualTo(2 * BLOCK_GRANULES);
    }

    @Test
    void shouldNameWhatHeldDataInTheSealedEpochAndIsAHoleNow()
    {
        sealedBlocks.set(5);
        sealedBlocks.set(BLOCKS - 1);
        final ScanTracker tracker = new ScanTracker(device, new Sealed());

        final int result = tracker.harvest(epoch);

        assertThat(result).isZero();
        assertThat(epoch.isMarked(5 * BLOCK_BYTES, BLOCK_BYTES)).isTrue();
        assertThat(epoch.isMarked(SIZE_BYTES - BLOCK_BYTES, BLOCK_BYTES)).isTrue();
        assertThat(epoch.count()).isEqualTo(2 * BLOCK_GRANULES);
    }

    @Test
    void shouldNameEverythingAgainWithoutPutBack()
    {
        bytes.write(0, filled(1, 512));
        final ScanTracker tracker = new ScanTracker(device, new Sealed());
        tracker.harvest(epoch);
        tracker.putBack(epoch);
        epoch.clear();

        tracker.harvest(epoch);

        assertThat(epoch.isMarked(0, 512)).isTrue();
    }

    @Test
    void shouldGoOnWhenAHoleAppearsBetweenItsQuestions()
    {
        final ScanTracker tracker = new ScanTracker(new CheckedBlockDevice(new Contradicting()), new Sealed());

        final int result = tracker.harvest(epoch);

        assertThat(result).isZero();
    }

    @Test
    void shouldGiveTheErrorOfTheDevice()
    {
        device.close();
        final ScanTracker tracker = new ScanTracker(device, new Sealed());

        final int result = tracker.harvest(epoch);

        assertThat(result).isEqualTo(-Errno.EBADF);
    }

    /** What the last epoch held: the blocks of a bit set. */
    private final class Sealed implements ScanTracker.SealedContent
    {
        @Override
        public long nextData(final long offsetBytes)
        {
            final int next = sealedBlocks.nextSetBit((int)(offsetBytes / BLOCK_BYTES));
            return next < 0 ? SIZE_BYTES : (long)next * BLOCK_BYTES;
        }

        @Override
        public int blockBytes()
        {
            return BLOCK_BYTES;
        }
    }

    /** Says of every place first that it is data and then that it is a hole, as when somebody discards meanwhile. */
    private static final class Contradicting implements BlockDevice
    {
        @Override
        public Geometry geometry()
        {
            return new Geometry(SIZE_BYTES, 512, 1);
        }

        @Override
        public int read(final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
        {
            return lengthBytes;
        }

        @Override
        public int write(final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
        {
            return lengthBytes;
        }

        @Override
        public int zero(final long offsetBytes, final long lengthBytes)
        {
            return 0;
        }

        @Override
        public int discard(final long offsetBytes, final long lengthBytes)
        {
            return 0;
        }

        @Override
        public int flush()
        {
            return 0;
        }

        @Override
        public long nextData(final long offsetBytes)
        {
            return offsetBytes;
        }

        @Override
        public long nextHole(final long offsetBytes)
        {
            return offsetBytes;
        }

        @Override
        public String name()
        {
            return "contradicting";
        }

        @Override
        public void close()
        {
        }
    }
}
