package io.farblock.blockdev.nbd;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.BlockDevice;
import java.nio.ByteBuffer;

/** Writes zeros where a hole is not wanted. The memory is allocated with the first use, shared, never changed. */
final class Zeros
{
    private static final ByteBuffer MEMORY = AlignedBuffers.allocate(1024 * 1024);

    private Zeros()
    {
    }

    /** @return 0, or the device's error. */
    static int write(final BlockDevice device, final long offsetBytes, final long lengthBytes)
    {
        final int most = MEMORY.capacity();
        for (long done = 0; done < lengthBytes; done += most)
        {
            final int result =
                device.write(offsetBytes + done, MEMORY, 0, (int)Math.min(most, lengthBytes - done));
            if (result < 0)
            {
                return result;
            }
        }
        return 0;
    }
}
