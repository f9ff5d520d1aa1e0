package io.farblock.replication.wire;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.replication.merkle.Digest;
import io.farblock.replication.wire.sbe.BlockEncoder;
import io.farblock.replication.wire.sbe.Encoding;
import io.farblock.replication.wire.sbe.HeartbeatEncoder;
import io.farblock.replication.wire.sbe.MessageHeaderEncoder;
import java.nio.ByteBuffer;
import java.util.function.ToIntFunction;
import org.agrona.concurrent.UnsafeBuffer;

/** Whole frames for tests, each in memory of its own of exactly its length. */
public final class Frames
{
    private static final int ROOM_BYTES = (1 << 20) + 65536;

    private Frames()
    {
    }

    /** Seals what {@code body} writes; it gets the buffer and gives the end of the body. */
    public static ByteBuffer of(final ToIntFunction<UnsafeBuffer> body)
    {
        return of(ROOM_BYTES, body);
    }

    /** As {@link #of(ToIntFunction)}, for one of at most {@link Frame#CONTROL_LIMIT_BYTES}; cheaper. */
    public static ByteBuffer small(final ToIntFunction<UnsafeBuffer> body)
    {
        return of(Frame.CONTROL_LIMIT_BYTES, body);
    }

    private static ByteBuffer of(final int roomBytes, final ToIntFunction<UnsafeBuffer> body)
    {
        final ByteBuffer memory = AlignedBuffers.allocate(roomBytes);
        final UnsafeBuffer buffer = new UnsafeBuffer(memory);
        final int bodyEnd = body.applyAsInt(buffer);
        final int frameBytes = new Frame().seal(buffer, memory, 0, bodyEnd - Frame.BODY_OFFSET);
        final ByteBuffer exact = AlignedBuffers.allocate(frameBytes);
        exact.put(0, memory, 0, frameBytes);
        return exact;
    }

    /** Writes a correct envelope around the body, whatever that is by now. */
    public static ByteBuffer reseal(final ByteBuffer frame)
    {
        new Frame().seal(new UnsafeBuffer(frame), frame, 0, frame.capacity() - Frame.BODY_OFFSET);
        return frame;
    }

    public static ByteBuffer heartbeat(final long sentNs)
    {
        return heartbeat(sentNs, false);
    }

    public static ByteBuffer heartbeat(final long sentNs, final boolean acksHere)
    {
        return of(buffer -> new HeartbeatEncoder().wrapAndApplyHeader(
            buffer, Frame.BODY_OFFSET, new MessageHeaderEncoder())
            .sentNs(sentNs).intervalMs(1000).acksHere((short)(acksHere ? 1 : 0)).limit());
    }

    /** A block as a source would send it. */
    public static ByteBuffer block(
        final long sequence, final int volumeId, final long index, final byte[] content, final int level)
    {
        return of(BlockCodec.frameBytes(content.length), buffer ->
        {
            final ByteBuffer block = AlignedBuffers.allocate(content.length).put(0, content);
            final byte[] digest = new byte[32];
            new Digest().of(block.duplicate(), digest);
            final ByteBuffer frame = AlignedBuffers.allocate(BlockCodec.frameBytes(content.length));
            final int payloadBytes;
            try (BlockCodec codec = new BlockCodec(level))
            {
                payloadBytes = codec.encode(block, 0, content.length, frame);
            }
            new BlockEncoder().wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, new MessageHeaderEncoder())
                .sequence(sequence)
                .blockIndex(index)
                .volumeId(volumeId)
                .encoding(payloadBytes == content.length ? Encoding.STORED : Encoding.ZSTD)
                .reserved((short)0)
                .lengthBytes(content.length)
                .putDigest(digest, 0, 32);
            buffer.putInt(BlockCodec.PAYLOAD_OFFSET - 4, payloadBytes, java.nio.ByteOrder.LITTLE_ENDIAN);
            if (payloadBytes == content.length)
            {
                frame.put(BlockCodec.PAYLOAD_OFFSET, block, 0, payloadBytes);
            }
            buffer.putBytes(BlockCodec.PAYLOAD_OFFSET, frame, BlockCodec.PAYLOAD_OFFSET, payloadBytes);
            return BlockCodec.PAYLOAD_OFFSET + payloadBytes;
        });
    }
}
