package io.farblock.blockdev.dirty;

import io.farblock.blockdev.BlockDevice;
import java.util.List;

/**
 * The tracker of a device that nobody watches: every harvest names all that holds data now or held data in the last
 * sealed epoch, and the digest compare that follows (in the pipeline's hash stage, in the same single read) decides
 * what really changed. Costs a read of all data per epoch, no memory, and cannot miss a write; holes are not read.
 *
 * <p>Runs on the capture thread. There is nothing to put back: the next harvest names everything again; and no
 * gap, since it cannot miss anything.
 */
public final class ScanTracker implements DirtyTracker
{
    /** What the last sealed epoch held, as ranges of data between ranges of zeros. */
    public interface SealedContent
    {
        /** First byte at or after {@code offsetBytes} of a block that is not all zeros, or the volume's size. */
        long nextData(long offsetBytes);

        /** Unit of the answer: the volume's block. */
        int blockBytes();
    }

    private final BlockDevice device;
    private final SealedContent sealed;

    public ScanTracker(final BlockDevice device, final SealedContent sealed)
    {
        this.device = device;
        this.sealed = sealed;
    }

    @Override
    public int harvest(final DirtyMap epoch)
    {
        return harvest(epoch, 0, device.geometry().sizeBytes());
    }

    /** As {@link #harvest(DirtyMap)}, for a range of whole blocks or up to the volume's end. */
    public int harvest(final DirtyMap epoch, final long offsetBytes, final long lengthBytes)
    {
        final long size = Math.min(offsetBytes + lengthBytes, device.geometry().sizeBytes());
        long at = offsetBytes;
        while (at < size)
        {
            final long data = device.nextData(at);
            final long hole = data < 0 || data >= size ? data : device.nextHole(data);
            if (data < 0 || hole < 0)
            {
                return (int)Math.min(data, hole);
            }
            if (data < size)
            {
                epoch.mark(data, Math.min(hole, size) - data);
            }
            // a hole punched between the two questions answers the second with the same place: go on a sector later
            at = Math.max(hole, at + device.geometry().sectorBytes());
        }
        final int blockBytes = sealed.blockBytes();
        for (long block = sealed.nextData(offsetBytes); block < size; block = sealed.nextData(block + blockBytes))
        {
            epoch.mark(block, Math.min(blockBytes, size - block));
        }
        return 0;
    }

    @Override
    public void putBack(final DirtyMap epoch)
    {
        // Every harvest names everything: there is nothing that an unsealed epoch could have taken away.
    }

    @Override
    public void carry(final DirtyMap granules)
    {
        // Every harvest names everything.
    }

    @Override
    public boolean isStill()
    {
        return false;
    }

    @Override
    public void sealed()
    {
    }

    @Override
    public List<Gap> gaps()
    {
        return List.of();
    }

    @Override
    public boolean closeGap(final Gap gap)
    {
        return false;
    }

    @Override
    public void close()
    {
    }
}
