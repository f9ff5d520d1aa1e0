package io.farblock.blockdev.nbd;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/**
 * The fixed part of a message, put together from however many pieces it arrives in. Owned by one connection, on its
 * event loop.
 */
final class HeaderBytes
{
    private final ByteBuffer bytes;

    HeaderBytes(final int capacityBytes)
    {
        bytes = ByteBuffer.allocate(capacityBytes);
    }

    /** Takes what is still missing of the first {@code wanted} bytes; whether they are all there now. */
    boolean fill(final ByteBuf in, final int wanted)
    {
        final int length = Math.min(wanted - bytes.position(), in.readableBytes());
        in.readBytes(bytes.array(), bytes.position(), length);
        bytes.position(bytes.position() + length);
        return bytes.position() == wanted;
    }

    void clear()
    {
        bytes.clear();
    }

    int unsignedShort(final int index)
    {
        return Short.toUnsignedInt(bytes.getShort(index));
    }

    int integer(final int index)
    {
        return bytes.getInt(index);
    }

    long unsignedInteger(final int index)
    {
        return Integer.toUnsignedLong(bytes.getInt(index));
    }

    long number(final int index)
    {
        return bytes.getLong(index);
    }
}
