package io.farblock.raidsim.md;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.ForwardingBlockDevice;
import java.nio.ByteBuffer;

/**
 * A disk of a machine whose power is cut: nothing is written after that, not even the rest of the write that is going
 * on. Whoever writes does not notice. One thread.
 */
final class CutDisk extends ForwardingBlockDevice
{
    private static final int SECTOR_BYTES = 512;

    private final Rail rail;

    CutDisk(final BlockDevice disk, final Rail rail)
    {
        super(disk);
        this.rail = rail;
    }

    /** What all disks of a machine hang on. */
    static final class Rail
    {
        private long sectorsLeft = Long.MAX_VALUE;

        /** The power goes after so many more sectors. */
        void cutAfter(final long sectors)
        {
            sectorsLeft = sectors;
        }

        boolean isCut()
        {
            return sectorsLeft == 0;
        }

        private long take(final long sectors)
        {
            final long taken = Math.min(sectors, sectorsLeft);
            sectorsLeft -= taken;
            return taken;
        }
    }

    @Override
    public int write(final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
    {
        final int taken = (int)rail.take(lengthBytes / SECTOR_BYTES) * SECTOR_BYTES;
        final int result = taken == 0 ? 0 : device.write(offsetBytes, buffer, index, taken);
        return result < 0 ? result : lengthBytes;
    }

    @Override
    public int zero(final long offsetBytes, final long lengthBytes)
    {
        final long taken = rail.take(lengthBytes / SECTOR_BYTES) * SECTOR_BYTES;
        return taken == 0 ? 0 : device.zero(offsetBytes, taken);
    }

    @Override
    public int discard(final long offsetBytes, final long lengthBytes)
    {
        return zero(offsetBytes, lengthBytes);
    }

    @Override
    public int flush()
    {
        return 0;
    }
}
