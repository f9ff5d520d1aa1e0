package io.farblock.replication.wire;

import io.farblock.replication.wire.sbe.AbortEpochDecoder;
import io.farblock.replication.wire.sbe.AckDecoder;
import io.farblock.replication.wire.sbe.BeginEpochDecoder;
import io.farblock.replication.wire.sbe.BlockDecoder;
import io.farblock.replication.wire.sbe.HeartbeatDecoder;
import io.farblock.replication.wire.sbe.HelloDecoder;
import io.farblock.replication.wire.sbe.MessageHeaderDecoder;
import io.farblock.replication.wire.sbe.OpenVolumeDecoder;
import io.farblock.replication.wire.sbe.RangeVerifiedDecoder;
import io.farblock.replication.wire.sbe.RefuseDecoder;
import io.farblock.replication.wire.sbe.SealEpochDecoder;
import io.farblock.replication.wire.sbe.TreePagesDecoder;
import io.farblock.replication.wire.sbe.TreeQueryDecoder;
import io.farblock.replication.wire.sbe.VerifyRangeDecoder;
import io.farblock.replication.wire.sbe.VolumeRootDecoder;
import io.farblock.replication.wire.sbe.VolumeStateDecoder;
import io.farblock.replication.wire.sbe.WelcomeDecoder;
import io.farblock.replication.wire.sbe.ZeroBlocksDecoder;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * What a frame must be before anything in it is believed. The checks here need only the frame; those that need to know
 * volumes and windows are where these are known. Stateless.
 */
public final class FrameRules
{
    private static final int HEADER_BYTES = MessageHeaderDecoder.ENCODED_LENGTH;
    private static final int[] FIXED_BYTES = new int[32];

    static
    {
        FIXED_BYTES[HelloDecoder.TEMPLATE_ID] = HelloDecoder.BLOCK_LENGTH;
        FIXED_BYTES[WelcomeDecoder.TEMPLATE_ID] = WelcomeDecoder.BLOCK_LENGTH;
        FIXED_BYTES[HeartbeatDecoder.TEMPLATE_ID] = HeartbeatDecoder.BLOCK_LENGTH;
        FIXED_BYTES[AckDecoder.TEMPLATE_ID] = AckDecoder.BLOCK_LENGTH;
        FIXED_BYTES[OpenVolumeDecoder.TEMPLATE_ID] = OpenVolumeDecoder.BLOCK_LENGTH;
        FIXED_BYTES[VolumeStateDecoder.TEMPLATE_ID] = VolumeStateDecoder.BLOCK_LENGTH;
        FIXED_BYTES[TreeQueryDecoder.TEMPLATE_ID] = TreeQueryDecoder.BLOCK_LENGTH;
        FIXED_BYTES[TreePagesDecoder.TEMPLATE_ID] = TreePagesDecoder.BLOCK_LENGTH;
        FIXED_BYTES[VerifyRangeDecoder.TEMPLATE_ID] = VerifyRangeDecoder.BLOCK_LENGTH;
        FIXED_BYTES[RangeVerifiedDecoder.TEMPLATE_ID] = RangeVerifiedDecoder.BLOCK_LENGTH;
        FIXED_BYTES[BeginEpochDecoder.TEMPLATE_ID] = BeginEpochDecoder.BLOCK_LENGTH;
        FIXED_BYTES[BlockDecoder.TEMPLATE_ID] = BlockDecoder.BLOCK_LENGTH;
        FIXED_BYTES[ZeroBlocksDecoder.TEMPLATE_ID] = ZeroBlocksDecoder.BLOCK_LENGTH;
        FIXED_BYTES[VolumeRootDecoder.TEMPLATE_ID] = VolumeRootDecoder.BLOCK_LENGTH;
        FIXED_BYTES[SealEpochDecoder.TEMPLATE_ID] = SealEpochDecoder.BLOCK_LENGTH;
        FIXED_BYTES[AbortEpochDecoder.TEMPLATE_ID] = AbortEpochDecoder.BLOCK_LENGTH;
    }

    private FrameRules()
    {
    }

    /**
     * The message type of a whole frame, or -1 when its header is not one of ours or its fixed fields do not fit.
     *
     * @param frame exactly one frame, envelope included.
     */
    public static int templateOf(final DirectBuffer frame)
    {
        if (frame.capacity() < Frame.BODY_OFFSET + HEADER_BYTES)
        {
            return -1;
        }
        final int fixedBytes = frame.getShort(Frame.BODY_OFFSET, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
        final int template = frame.getShort(Frame.BODY_OFFSET + 2, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
        final int schema = frame.getShort(Frame.BODY_OFFSET + 4, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
        final int version = frame.getShort(Frame.BODY_OFFSET + 6, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
        final boolean known = schema == MessageHeaderDecoder.SCHEMA_ID &&
            version == MessageHeaderDecoder.SCHEMA_VERSION && template > 0 && template < FIXED_BYTES.length &&
            (FIXED_BYTES[template] > 0 || template == RefuseDecoder.TEMPLATE_ID) &&
            fixedBytes == FIXED_BYTES[template];
        return known && frame.capacity() >= Frame.BODY_OFFSET + HEADER_BYTES + fixedBytes ? template : -1;
    }

    /**
     * Whether the variable data of an answer to a request (at most one piece, the last field) fill the frame exactly.
     * Fixed fields were checked by {@link #templateOf}.
     */
    public static boolean isComplete(
        final int template, final DirectBuffer buffer, final int offset, final int frameBytes)
    {
        final int at = Frame.BODY_OFFSET + HEADER_BYTES + FIXED_BYTES[template];
        final boolean isText = template == VolumeStateDecoder.TEMPLATE_ID;
        final int dataAt = at + (isText ? Short.BYTES : Integer.BYTES);
        if (frameBytes < dataAt)
        {
            return false;
        }
        final long dataBytes = isText ? buffer.getShort(offset + at, ByteOrder.LITTLE_ENDIAN) & 0xFFFF :
            buffer.getInt(offset + at, ByteOrder.LITTLE_ENDIAN) & 0xFFFF_FFFFL;
        final boolean isWhole = template != RangeVerifiedDecoder.TEMPLATE_ID || dataBytes % Long.BYTES == 0;
        return isWhole && dataBytes == frameBytes - dataAt;
    }

    /** Whether a length field may be believed: at least a header, and no more than the connection may send. */
    public static boolean isLengthAllowed(final int bodyBytes, final int frameLimitBytes)
    {
        return bodyBytes >= HEADER_BYTES && bodyBytes <= frameLimitBytes - Frame.BODY_OFFSET;
    }

    /** Whether messages of this type belong to the numbered stream: their first field is the sequence. */
    public static boolean isStream(final int template)
    {
        return template >= BeginEpochDecoder.TEMPLATE_ID;
    }

    /** Sequence of a stream frame. */
    public static long sequenceOf(final DirectBuffer frame)
    {
        return frame.getLong(Frame.BODY_OFFSET + HEADER_BYTES, ByteOrder.LITTLE_ENDIAN);
    }
}
