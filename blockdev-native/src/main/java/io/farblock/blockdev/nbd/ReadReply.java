package io.farblock.blockdev.nbd;

import io.farblock.blockdev.BlockDevice;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/**
 * Reads a range so that the buffer is the reply. The payload lies where it was read to; what is a hole is not sent, and
 * its place holds the headers of the hole and of the data after it. Holes are read all the same, by one call for all:
 * a device that cannot be read must not look whole because it knows where its holes are.
 *
 * <pre>
 *   headroom          data          hole                            data            hole
 *   ........[hdr 28B]|#############|...........[hole 32B][hdr 28B]|###############|[hole 32B]......
 *           ^ segment              ^           ^ segment                                     ^
 * </pre>
 *
 * <p>A sector is at least 512 bytes, so a hole always has room for two headers. On a worker, for one request.
 */
final class ReadReply
{
    private static final int DATA_HEADER_BYTES = Protocol.CHUNK_HEADER_BYTES + Long.BYTES;
    private static final int HOLE_CHUNK_BYTES = DATA_HEADER_BYTES + Integer.BYTES;
    /** Below this a look for holes takes longer than it can save. */
    private static final int LEAST_BYTES_TO_LOOK_FOR_HOLES = 64 * 1024;

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
        final long end = offsetBytes + lengthBytes;
        final boolean looks = !whole && lengthBytes >= LEAST_BYTES_TO_LOOK_FOR_HOLES;
        startBytes = offsetBytes;
        long at = offsetBytes;
        while (at < end)
        {
            // of the last segments one is kept for all that remains
            final boolean looksOn = looks && segments.count() < Segments.LIMIT - 2;
            final long data = looksOn ? bounded(device.nextData(at), at, end) : at;
            final long hole = data == end ? end : looksOn ? bounded(device.nextHole(data), data, end) : end;
            // a device that is changed meanwhile may say that what was data is a hole: then all that remains is sent
            final long to = hole == data ? end : hole;
            chunk(at, data, to);
            at = to;
        }
        Replies.done(buffer, lastChunk);
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

    /** Where the device cannot say, there is data. */
    private static long bounded(final long found, final long atBytes, final long endBytes)
    {
        return found < 0 ? atBytes : Math.min(found, endBytes);
    }
}
