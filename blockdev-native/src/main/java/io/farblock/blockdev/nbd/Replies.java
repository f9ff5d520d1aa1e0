package io.farblock.blockdev.nbd;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** Headers of replies, as drawn in {@link Protocol}. Stateless. */
final class Replies
{
    private static final int ERROR_BYTES = Integer.BYTES + Short.BYTES;

    private Replies()
    {
    }

    /** @param error as on the wire; 0 for success. */
    static ByteBuf simple(final ByteBufAllocator memory, final long cookie, final int error)
    {
        return memory.directBuffer(Protocol.SIMPLE_REPLY_BYTES)
            .writeInt(Protocol.SIMPLE_REPLY_MAGIC).writeInt(error).writeLong(cookie);
    }

    /** An error without words, where chunks are expected. */
    static ByteBuf error(final ByteBufAllocator memory, final long cookie, final int error)
    {
        final ByteBuf reply = memory.directBuffer(Protocol.CHUNK_HEADER_BYTES + ERROR_BYTES);
        chunk(reply, 0, Protocol.CHUNK_ERROR, cookie, ERROR_BYTES);
        return reply.writerIndex(Protocol.CHUNK_HEADER_BYTES).writeInt(error).writeShort(0)
            .setShort(4, Protocol.CHUNK_FLAG_DONE);
    }

    /** The header of a chunk that is not the last; {@link #done} makes it that. */
    static void chunk(
        final ByteBuf buffer, final int index, final int type, final long cookie, final int payloadBytes)
    {
        buffer.setInt(index, Protocol.CHUNK_MAGIC);
        buffer.setShort(index + 4, 0);
        buffer.setShort(index + 6, type);
        buffer.setLong(index + 8, cookie);
        buffer.setInt(index + 16, payloadBytes);
    }

    static void done(final ByteBuf buffer, final int chunkIndex)
    {
        buffer.setShort(chunkIndex + 4, Protocol.CHUNK_FLAG_DONE);
    }
}
