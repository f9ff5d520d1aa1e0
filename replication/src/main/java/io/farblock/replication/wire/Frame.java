package io.farblock.replication.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The envelope of every message.
 *
 * <pre>
 *    0        4        8                16
 *    | length | CRC32C | message header | fixed fields, variable data ...
 * </pre>
 *
 * {@code length} counts the bytes after the CRC, which covers the same bytes (RFC 3720, Castagnoli). One instance a
 * thread: it owns a checksum engine. Nothing is allocated per frame.
 */
public final class Frame
{
    public static final int LENGTH_OFFSET = 0;
    public static final int CRC_OFFSET = 4;
    public static final int BODY_OFFSET = 8;

    /** The largest frame that carries no block and no tree page. */
    public static final int CONTROL_LIMIT_BYTES = 4096;

    /** Envelope, header and fixed fields of the largest message that carries a payload. */
    public static final int OVERHEAD_BYTES = 128;

    private final CRC32C crc = new CRC32C();

    /**
     * Writes the envelope around a body that stands at {@code offset + BODY_OFFSET} already.
     *
     * @param memory     the bytes behind {@code buffer}, for the checksum.
     * @return length of the whole frame in bytes.
     */
    public int seal(
        final MutableDirectBuffer buffer, final ByteBuffer memory, final int offset, final int bodyBytes)
    {
        buffer.putInt(offset + LENGTH_OFFSET, bodyBytes, ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(offset + CRC_OFFSET, checksum(memory, offset, bodyBytes), ByteOrder.LITTLE_ENDIAN);
        return BODY_OFFSET + bodyBytes;
    }

    /**
     * As the other {@code seal}, for a frame that ends with a {@code tail} in other memory, from position to limit.
     *
     * @param headBytes length of the frame without it.
     */
    public int seal(
        final MutableDirectBuffer buffer, final ByteBuffer memory, final int headBytes, final ByteBuffer tail)
    {
        final int tailBytes = tail.remaining();
        buffer.putInt(LENGTH_OFFSET, headBytes + tailBytes - BODY_OFFSET, ByteOrder.LITTLE_ENDIAN);
        begin(memory, 0, headBytes - BODY_OFFSET);
        crc.update(tail);
        buffer.putInt(CRC_OFFSET, (int)crc.getValue(), ByteOrder.LITTLE_ENDIAN);
        return headBytes + tailBytes;
    }

    /** Whether the CRC of a whole frame fits its body. */
    public boolean isIntact(final DirectBuffer buffer, final ByteBuffer memory, final int offset, final int frameBytes)
    {
        return buffer.getInt(offset + CRC_OFFSET, ByteOrder.LITTLE_ENDIAN) ==
            checksum(memory, offset, frameBytes - BODY_OFFSET);
    }

    private int checksum(final ByteBuffer memory, final int offset, final int bodyBytes)
    {
        begin(memory, offset, bodyBytes);
        return (int)crc.getValue();
    }

    private void begin(final ByteBuffer memory, final int offset, final int bodyBytes)
    {
        final int position = memory.position();
        final int limit = memory.limit();
        memory.limit(offset + BODY_OFFSET + bodyBytes).position(offset + BODY_OFFSET);
        crc.reset();
        crc.update(memory);
        memory.limit(limit).position(position);
    }
}
