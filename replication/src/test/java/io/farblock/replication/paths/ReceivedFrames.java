package io.farblock.replication.paths;

import io.farblock.blockdev.AlignedBuffers;
import java.nio.ByteBuffer;

/** Frames as if they had come over a connection, without its check of their CRC. */
public final class ReceivedFrames
{
    private ReceivedFrames()
    {
    }

    /** In memory of its own, which holds frames of up to {@code limitBytes}. */
    public static ReceivedFrame of(final ByteBuffer frame, final int limitBytes)
    {
        final ByteBuffer memory = AlignedBuffers.allocate(Math.max(limitBytes, frame.capacity()));
        memory.put(0, frame, 0, frame.capacity());
        final ReceivedFrame received = new ReceivedFrame(memory, limitBytes);
        received.received(frame.capacity());
        return received;
    }
}
