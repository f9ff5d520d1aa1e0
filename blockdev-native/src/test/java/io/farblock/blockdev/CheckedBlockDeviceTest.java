package io.farblock.blockdev;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** The contract, on a checked device around memory; and what it does about a device that lies. */
class CheckedBlockDeviceTest extends BlockDeviceContract
{
    @Override
    protected BlockDevice createDevice(final long sizeBytes)
    {
        return new CheckedBlockDevice(new MemoryBlockDevice("memory", sizeBytes));
    }

    @Test
    void shouldTurnAResultThatNoDeviceMayGiveIntoAnError()
    {
        final ByteBuffer buffer = AlignedBuffers.allocate(4096);
        final LyingDevice device = new LyingDevice();
        final CheckedBlockDevice checked = new CheckedBlockDevice(device);

        device.result = 512;
        final int half = checked.read(0, buffer, 0, 1024);
        final int tooMuch = checked.write(0, buffer, 0, 0);
        device.result = 3;
        final int flush = checked.flush();
        final long data = checked.nextData(512);
        final long hole = checked.nextHole(512);

        assertThat(half).isEqualTo(-Errno.EIO);
        assertThat(tooMuch).isEqualTo(-Errno.EIO);
        assertThat(flush).isZero();
        assertThat(data).isEqualTo(-Errno.EIO);
        assertThat(hole).isEqualTo(-Errno.EIO);
        checked.close();
    }

    @Test
    void shouldPassOnErrorsUnchanged()
    {
        final ByteBuffer buffer = AlignedBuffers.allocate(4096);
        final LyingDevice device = new LyingDevice();
        final CheckedBlockDevice checked = new CheckedBlockDevice(device);
        device.result = -Errno.ENOSPC;

        final int[] results = {checked.read(0, buffer, 0, 512), checked.write(0, buffer, 0, 512),
            checked.zero(0, 512), checked.discard(0, 512), checked.flush(), (int)checked.nextData(0)};

        assertThat(results).containsOnly(-Errno.ENOSPC);
        checked.close();
    }

    /** A device that answers everything with one number. */
    private static final class LyingDevice implements BlockDevice
    {
        private int result;

        @Override
        public Geometry geometry()
        {
            return new Geometry(65536, 512, 1);
        }

        @Override
        public int read(final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
        {
            return result;
        }

        @Override
        public int write(final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
        {
            return result;
        }

        @Override
        public int zero(final long offsetBytes, final long lengthBytes)
        {
            return result;
        }

        @Override
        public int discard(final long offsetBytes, final long lengthBytes)
        {
            return result;
        }

        @Override
        public int flush()
        {
            return result;
        }

        @Override
        public long nextData(final long offsetBytes)
        {
            return result;
        }

        @Override
        public long nextHole(final long offsetBytes)
        {
            return result;
        }

        @Override
        public String name()
        {
            return "liar";
        }

        @Override
        public void close()
        {
        }
    }
}
