package io.farblock.blockdev.nbd;

import io.farblock.blockdev.BlockDevice;
import io.netty.buffer.ByteBuf;

/**
 * Where a range has data and where holes, as one chunk in a page: as many stretches as fit, each as long as the device
 * can tell. On a worker, for one request.
 *
 * <pre>
 *   chunk header:20B  context:32  (length:32  state:32) each
 * </pre>
 */
final class StatusReply
{
    /** The number under which a client of this server has base:allocation. */
    static final int CONTEXT_ID = 1;

    private static final int FIRST_INDEX = Protocol.CHUNK_HEADER_BYTES + Integer.BYTES;
    private static final int LAST_INDEX = ServerRequest.HEADROOM_BYTES - Long.BYTES;

    private final ByteBuf buffer;
    private final Segments segments;

    StatusReply(final ByteBuf buffer, final Segments segments)
    {
        this.buffer = buffer;
        this.segments = segments;
    }

    /** @return 0, or the device's error. */
    int fill(
        final BlockDevice device, final long cookie, final long offsetBytes, final long lengthBytes, final boolean one)
    {
        final long end = offsetBytes + lengthBytes;
        final int last = one ? FIRST_INDEX : LAST_INDEX;
        int index = FIRST_INDEX;
        long at = offsetBytes;
        while (at < end && index <= last)
        {
            final long data = device.nextData(at);
            final long to = data == at ? device.nextHole(at) : data;
            if (to < 0)
            {
                return (int)to;
            }
            // a device that is changed meanwhile may answer the same place twice: the rest is called data then
            final long next = to <= at ? end : Math.min(to, end);
            buffer.setInt(index, (int)(next - at));
            buffer.setInt(index + Integer.BYTES,
                data > at ? Protocol.STATE_HOLE | Protocol.STATE_ZERO : 0);
            index += Long.BYTES;
            at = next;
        }
        buffer.setInt(Protocol.CHUNK_HEADER_BYTES, CONTEXT_ID);
        Replies.chunk(buffer, 0, Protocol.CHUNK_BLOCK_STATUS, cookie, index - Protocol.CHUNK_HEADER_BYTES);
        Replies.done(buffer, 0);
        segments.add(0, index);
        return 0;
    }
}
