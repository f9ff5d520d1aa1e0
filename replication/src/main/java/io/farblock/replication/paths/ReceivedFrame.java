package io.farblock.replication.paths;

import io.farblock.blockdev.AlignedBuffers;
import java.nio.ByteBuffer;

/**
 * A whole frame in the memory it was received in. Whoever wants to have it longer than the call that brought it keeps
 * that memory and gives other memory for it: so a block is not copied on its way into a ring.
 *
 * <p>Network's thread.
 */
public final class ReceivedFrame
{
    private ByteBuffer memory;
    private int lengthBytes;
    private int limitBytes;

    /** Memory for frames of up to {@code limitBytes}; direct, little-endian. */
    public ReceivedFrame(final ByteBuffer memory, final int limitBytes)
    {
        this.memory = memory;
        this.limitBytes = limitBytes;
    }

    /** The frame begins at 0; position and limit mean nothing. Valid during the call that brought it. */
    public ByteBuffer memory()
    {
        return memory;
    }

    public int lengthBytes()
    {
        return lengthBytes;
    }

    /** The caller's from now on, as {@code spare} is no longer: the frames to come go there. */
    public ByteBuffer keep(final ByteBuffer spare)
    {
        if (spare.capacity() < limitBytes)
        {
            throw new IllegalArgumentException("spare.capacity=" + spare.capacity() + ", expected at least " +
                limitBytes + ", which the next frame may have");
        }
        final ByteBuffer kept = memory;
        memory = spare;
        return kept;
    }

    void received(final int newLengthBytes)
    {
        lengthBytes = newLengthBytes;
    }

    /** Changes the limit, and the memory where it is too small for it. */
    void limit(final int newLimitBytes)
    {
        limitBytes = newLimitBytes;
        if (memory.capacity() < newLimitBytes)
        {
            memory = AlignedBuffers.allocate(newLimitBytes);
        }
    }

    int limitBytes()
    {
        return limitBytes;
    }
}
