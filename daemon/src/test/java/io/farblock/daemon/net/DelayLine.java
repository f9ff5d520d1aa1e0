package io.farblock.daemon.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/**
 * Bytes on their way in one direction: what went in comes out in order when its time has come. Holds at most its
 * capacity, which has to be twice what the line carries in its delay, or it is the line's bottleneck. The proxy's
 * thread.
 */
final class DelayLine
{
    /** Bytes that went in within this time come out together. */
    private static final long GRAIN_NS = 250_000;
    private static final int MARKS = 1 << 12;

    private final ByteBuffer bytes;
    private final int capacity;
    private final long[] markEnds = new long[MARKS];
    private final long[] markDuesNs = new long[MARKS];
    private long in;
    private long out;
    private long firstMark;
    private long endMark;

    DelayLine(final int capacityBytes)
    {
        this.bytes = ByteBuffer.allocateDirect(capacityBytes);
        this.capacity = capacityBytes;
    }

    boolean isEmpty()
    {
        return in == out;
    }

    boolean hasRoom()
    {
        return in - out < capacity && endMark - firstMark < MARKS;
    }

    /**
     * Takes what there is, as far as it fits in one piece; {@link #due} has to follow.
     *
     * @return as the channel's own read.
     */
    int fill(final ReadableByteChannel from) throws IOException
    {
        final int at = (int)(in % capacity);
        bytes.limit(Math.min(capacity, at + (int)(capacity - (in - out)))).position(at);
        final int count = from.read(bytes);
        in += Math.max(0, count);
        return count;
    }

    /** When what was taken last comes out. */
    void due(final long dueNs)
    {
        final int last = (int)((endMark - 1) % MARKS);
        if (endMark > firstMark && dueNs - markDuesNs[last] < GRAIN_NS)
        {
            markEnds[last] = in;
            return;
        }
        markEnds[(int)(endMark % MARKS)] = in;
        markDuesNs[(int)(endMark % MARKS)] = dueNs;
        endMark++;
    }

    /** Damages one byte of what was taken last: so many before the end. */
    void flip(final int beforeEnd)
    {
        final int at = (int)((in - beforeEnd) % capacity);
        bytes.put(at, (byte)(bytes.get(at) ^ 0x10));
    }

    /** Gives what is due, as far as it is taken; returns how much that was. */
    int drain(final WritableByteChannel to, final long nowNs) throws IOException
    {
        int sum = 0;
        while (dueNs() <= nowNs)
        {
            final long end = markEnds[(int)(firstMark % MARKS)];
            final int at = (int)(out % capacity);
            bytes.limit(Math.min(capacity, at + (int)(end - out))).position(at);
            final int count = to.write(bytes);
            out += count;
            sum += count;
            if (out == end)
            {
                firstMark++;
            }
            if (bytes.hasRemaining())
            {
                break;
            }
        }
        return sum;
    }

    /** When the next bytes come out; far away when there are none. */
    long dueNs()
    {
        return firstMark == endMark ? Long.MAX_VALUE : markDuesNs[(int)(firstMark % MARKS)];
    }
}
