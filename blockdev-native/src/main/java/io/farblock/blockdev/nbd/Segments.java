package io.farblock.blockdev.nbd;

import io.netty.buffer.ByteBuf;

/**
 * The parts of a request's buffer that are its reply, in order: headers lie in the same memory, directly before what
 * they announce. Written by one worker, then read by the event loop.
 */
final class Segments
{
    static final int LIMIT = 32;

    private final int[] from = new int[LIMIT];
    private final int[] to = new int[LIMIT];
    private int count;

    void clear()
    {
        count = 0;
    }

    void add(final int fromIndex, final int toIndex)
    {
        from[count] = fromIndex;
        to[count++] = toIndex;
    }

    /** The last part becomes longer. */
    void extend(final int toIndex)
    {
        to[count - 1] = toIndex;
    }

    int count()
    {
        return count;
    }

    /** A view that keeps the buffer until it is released. */
    ByteBuf part(final ByteBuf buffer, final int index)
    {
        return buffer.retainedSlice(from[index], to[index] - from[index]);
    }
}
