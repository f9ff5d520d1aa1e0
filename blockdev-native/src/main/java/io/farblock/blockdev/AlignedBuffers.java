package io.farblock.blockdev;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Direct buffers whose memory starts on a page boundary, as O_DIRECT wants them. They are allocated at launch, never
 * per block, and freed with their owner.
 */
public final class AlignedBuffers
{
    /** Satisfies the alignment of every device in use: sectors of 512 and 4096 bytes, and x86 pages. */
    public static final int PAGE_BYTES = 4096;

    private AlignedBuffers()
    {
    }

    /** A zeroed little-endian direct buffer of {@code capacityBytes} that starts on a page boundary. */
    public static ByteBuffer allocate(final int capacityBytes)
    {
        // alignedSlice also cuts the end down to a page, so whole pages are asked for
        return ByteBuffer.allocateDirect((capacityBytes + 2 * PAGE_BYTES - 1) & -PAGE_BYTES)
            .alignedSlice(PAGE_BYTES)
            .slice(0, capacityBytes)
            .order(ByteOrder.LITTLE_ENDIAN);
    }
}
