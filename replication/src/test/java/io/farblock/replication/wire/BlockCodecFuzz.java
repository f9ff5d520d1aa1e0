package io.farblock.replication.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.github.luben.zstd.Zstd;
import io.farblock.blockdev.AlignedBuffers;
import io.farblock.replication.fuzz.Script;
import io.farblock.replication.wire.sbe.BlockDecoder;
import io.farblock.replication.wire.sbe.BlockEncoder;
import io.farblock.replication.wire.sbe.MessageHeaderDecoder;
import io.farblock.replication.wire.sbe.MessageHeaderEncoder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/** A block frame decodes to exactly what it announces or is refused, and nothing around its place is written. */
final class BlockCodecFuzz
{
    private static final int LIMIT = 16384;
    private static final int GUARD = 4096;
    private static final byte UNTOUCHED = 0x5a;
    private static final byte[] CLEAN = new byte[GUARD + LIMIT + GUARD];

    static
    {
        Arrays.fill(CLEAN, UNTOUCHED);
    }

    private final BlockCodec codec = new BlockCodec(0);
    private final ByteBuffer target = AlignedBuffers.allocate(CLEAN.length);
    private final ByteBuffer memory = AlignedBuffers.allocate(BlockCodec.frameBytes(4 * LIMIT));
    private final BlockDecoder block = new BlockDecoder();

    @FuzzTest
    void decode(final byte[] input)
    {
        target.put(0, CLEAN);
        final Script script = new Script(input);
        final int frameBytes = frame(script);
        final ByteBuffer frame = memory.slice(0, frameBytes).order(ByteOrder.LITTLE_ENDIAN);
        final UnsafeBuffer view = new UnsafeBuffer(frame);

        final boolean isBlock = FrameRules.templateOf(view) == BlockDecoder.TEMPLATE_ID;
        block.wrapAndApplyHeader(view, Frame.BODY_OFFSET, new MessageHeaderDecoder());
        final boolean isWellFormed = isBlock && BlockCodec.isWellFormed(block, view, LIMIT);
        final boolean isDecoded = isWellFormed && codec.decode(block, frame, target, GUARD);

        final int written = isWellFormed ? (int)block.lengthBytes() : 0;
        assertThat(written).isBetween(0, LIMIT);
        assertUntouched(0, GUARD);
        assertUntouched(GUARD + written, CLEAN.length);
        if (isDecoded && block.encodingRaw() == 0)
        {
            assertThat(target.slice(GUARD, written)).isEqualTo(frame.slice(BlockCodec.PAYLOAD_OFFSET, written));
        }
    }

    /** Fields right or not; a payload of anything, or of what zstd made and somebody then changed. */
    private int frame(final Script script)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(memory);
        final int encoding = (int)script.number();
        final long announced = script.choice(2) == 0 ? -2 : script.number();
        final long claimed = script.choice(4) != 3 ? -2 : script.number();
        final byte[] payload = payload(script);
        final int lengthBytes = announced == -2 ? lastContentBytes : (int)announced;
        new BlockEncoder().wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, new MessageHeaderEncoder())
            .sequence(1).blockIndex(script.number()).volumeId(1).lengthBytes(lengthBytes & 0xFFFF_FFFFL);
        buffer.putByte(Frame.BODY_OFFSET + 8 + BlockDecoder.encodingEncodingOffset(), (byte)encoding);
        buffer.putInt(BlockCodec.PAYLOAD_OFFSET - 4, claimed == -2 ? payload.length : (int)claimed);
        buffer.putBytes(BlockCodec.PAYLOAD_OFFSET, payload);
        return BlockCodec.PAYLOAD_OFFSET + payload.length - (claimed == -2 ? 0 : script.choice(2) * payload.length);
    }

    private int lastContentBytes;

    private byte[] payload(final Script script)
    {
        final int kind = script.choice(3);
        final int patternBytes = script.octet();
        final int repeats = script.octet();
        final byte[] pattern = script.octets(patternBytes);
        if (kind == 0)
        {
            lastContentBytes = pattern.length;
            return pattern;
        }
        final byte[] content = new byte[Math.min(4 * LIMIT, pattern.length * (repeats + 1))];
        for (int i = 0; i < content.length; i++)
        {
            content[i] = pattern[i % pattern.length];
        }
        final byte[] compressed = Zstd.compress(content, 1 + script.choice(3));
        for (int i = 0; kind == 2 && i < 1 + script.choice(4); i++)
        {
            compressed[script.octet() % compressed.length] = (byte)script.octet();
        }
        lastContentBytes = content.length;
        return Arrays.copyOf(compressed, Math.min(compressed.length, 4 * LIMIT));
    }

    private void assertUntouched(final int from, final int to)
    {
        final int mismatch = target.slice(from, to - from).mismatch(ByteBuffer.wrap(CLEAN, from, to - from));
        assertThat(mismatch).as("first byte written from %d on", from).isEqualTo(-1);
    }
}
