package io.farblock.blockdev.nbd;

import io.farblock.blockdev.BlockDevice;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/**
 * Reads a range so that the buffer is the reply. The payload lies where it was read to; zeros are not sent, and their
 * place holds the headers of the hole that they are called and of the data after it.
 *
 * <pre>
 *   headroom          data          zeros                           data            zeros
 *   ........[hdr 28B]|#############|...........[hole 32B][hdr 28B]|###############|[hole 32B]......
 *           ^ segment              ^           ^ segment                                     ^
 * </pre>
 *
 * <p>The content is looked at, not what the device says of its holes: the whole range is read by one call, so that a
 * device that has failed cannot look whole because it knows where its holes are, and a look costs the same on all. On a
 * worker, for one request.
 */
final class ReadReply
{
    private static final int DATA_HEADER_BYTES = Protocol.CHUNK_HEADER_BYTES + Long.BYTES;
    private static final int HOLE_CHUNK_BYTES = DATA_HEADER_BYTES + Integer.BYTES;
    /** What is looked at as one; a multiple of a long, and room for two headers even at the end of a device. */
    private static final int PIECE_BYTES = 64 * 1024;

    private final BlockDevice device;
    private final ByteBuf buffer;
    private final Segments segments;
    private final long cookie;
    private final ByteBuffer memory;
    private final int base;
    private long startBytes;
    private int lastChunk;

    ReadReply(final BlockDevice device, final ByteBuf buffer, final Segments segments, final long cookie)
    {
        this.device = device;
        this.buffer = buffer;
        this.segments = segments;
        this.cookie = cookie;
        memory = buffer.internalNioBuffer(0, buffer.capacity());
        base = memory.position() + ServerRequest.HEADROOM_BYTES;
    }

    /** As a simple reply. @return what the device said. */
    int readPlain(final long offsetBytes, final int lengthBytes)
    {
        final int result = device.read(offsetBytes, memory, base, lengthBytes);
        final int from = ServerRequest.HEADROOM_BYTES - Protocol.SIMPLE_REPLY_BYTES;
        buffer.setInt(from, Protocol.SIMPLE_REPLY_MAGIC);
        buffer.setInt(from + 4, 0);
        buffer.setLong(from + 8, cookie);
        segments.add(from, ServerRequest.HEADROOM_BYTES + lengthBytes);
        return result;
    }

    /** As chunks, in the order of their offsets. @return what the device said. */
    int readChunks(final long offsetBytes, final int lengthBytes, final boolean whole)
    {
        final int result = device.read(offsetBytes, memory, base, lengthBytes);
        if (result >= 0)
        {
            layOut(offsetBytes, lengthBytes, whole);
        }
        return result;
    }

    private void layOut(final long offsetBytes, final int lengthBytes, final boolean whole)
    {
        startBytes = offsetBytes;
        int at = 0;
        while (at < lengthBytes)
        {
            // of the last segments one is kept for all that remains
            final boolean looks = !whole && segments.count() < Segments.LIMIT - 1;
            final int data = looks ? end(at, lengthBytes, true) : at;
            final int to = looks ? end(data, lengthBytes, false) : lengthBytes;
            chunk(offsetBytes + at, offsetBytes + data, offsetBytes + to);
            at = to;
        }
        Replies.done(buffer, lastChunk);
    }

    /** Where the run of pieces that are zeros, or are not, ends. */
    private int end(final int from, final int lengthBytes, final boolean zeros)
    {
        int at = from;
        while (at < lengthBytes && isZero(at, Math.min(at + PIECE_BYTES, lengthBytes)) == zeros)
        {
            at += PIECE_BYTES;
        }
        return Math.min(at, lengthBytes);
    }

    private boolean isZero(final int from, final int to)
    {
        int at = base + from;
        while (at < base + to && memory.getLong(at) == 0)
        {
            at += Long.BYTES;
        }
        return at == base + to;
    }

    private void chunk(final long holeBytes, final long dataBytes, final long endBytes)
    {
        final int dataIndex = ServerRequest.HEADROOM_BYTES + within(dataBytes);
        final boolean hole = dataBytes > holeBytes;
        if (dataBytes == endBytes)
        {
            trailingHole(holeBytes, endBytes);
            return;
        }
        final int header = dataIndex - DATA_HEADER_BYTES;
        if (hole)
        {
            hole(header - HOLE_CHUNK_BYTES, holeBytes, dataBytes);
        }
        Replies.chunk(buffer, header, Protocol.CHUNK_OFFSET_DATA, cookie, Long.BYTES + (int)(endBytes - dataBytes));
        buffer.setLong(header + Protocol.CHUNK_HEADER_BYTES, dataBytes);
        lastChunk = header;
        segments.add(hole ? header - HOLE_CHUNK_BYTES : header, dataIndex + (int)(endBytes - dataBytes));
    }

    private void trailingHole(final long fromBytes, final long toBytes)
    {
        final int index = ServerRequest.HEADROOM_BYTES + within(fromBytes);
        hole(index, fromBytes, toBytes);
        lastChunk = index;
        if (segments.count() == 0)
        {
            segments.add(index, index + HOLE_CHUNK_BYTES);
        }
        else
        {
            segments.extend(index + HOLE_CHUNK_BYTES);
        }
    }

    private void hole(final int index, final long fromBytes, final long toBytes)
    {
        Replies.chunk(buffer, index, Protocol.CHUNK_OFFSET_HOLE, cookie, Long.BYTES + Integer.BYTES);
        buffer.setLong(index + Protocol.CHUNK_HEADER_BYTES, fromBytes);
        buffer.setInt(index + DATA_HEADER_BYTES, (int)(toBytes - fromBytes));
    }

    private int within(final long bytes)
    {
        return (int)(bytes - startBytes);
    }
}
