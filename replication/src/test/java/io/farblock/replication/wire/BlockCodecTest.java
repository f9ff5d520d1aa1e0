package io.farblock.replication.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import io.farblock.blockdev.AlignedBuffers;
import io.farblock.replication.wire.sbe.BlockDecoder;
import io.farblock.replication.wire.sbe.MessageHeaderDecoder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Blocks in frames, honest ones and ones that lie. */
final class BlockCodecTest
{
    private static final int LIMIT = 65536;
    private static final int AT = 8192;
    private static final int LENGTH_BYTES_AT = 8 + 8 + BlockDecoder.lengthBytesEncodingOffset();
    private static final int ENCODING_AT = 8 + 8 + BlockDecoder.encodingEncodingOffset();

    private final BlockCodec codec = new BlockCodec(0);
    private final ByteBuffer target = AlignedBuffers.allocate(AT + LIMIT + 4096);
    private final BlockDecoder block = new BlockDecoder();

    @BeforeEach
    void fillTarget()
    {
        for (int i = 0; i < target.capacity(); i++)
        {
            target.put(i, (byte)0x5a);
        }
    }

    @AfterEach
    void close()
    {
        codec.close();
    }

    @ParameterizedTest
    @CsvSource({
        "1, 0, 512", "2, 1, 512", "3, 1, 4096", "4, 3, 65536", "5, 9, 65536", "6, 1, 30720", "7, 0, 65536"
    })
    void shouldGiveBackTheBlockWhateverItHolds(final long seed, final int level, final int length)
    {
        final SplittableRandom random = new SplittableRandom(seed);
        for (int zeros = 0; zeros <= length; zeros += Math.max(1, length / 8))
        {
            final byte[] content = new byte[length];
            random.nextBytes(content);
            Arrays.fill(content, 0, zeros, (byte)'x');

            final ByteBuffer frame = Frames.block(1, 2, 3, content, level);

            assertThat(decode(frame)).as("seed %d", seed).isTrue();
            final byte[] found = new byte[length];
            target.get(AT, found);
            assertThat(found).as("seed %d", seed).isEqualTo(content);
            assertUntouchedBeyond(length);
            assertThat(frame.capacity()).isLessThanOrEqualTo(BlockCodec.frameBytes(length));
        }
    }

    @Test
    void shouldStoreWhatDoesNotGetSmaller()
    {
        final byte[] noise = new byte[LIMIT];
        new SplittableRandom(1).nextBytes(noise);

        final ByteBuffer frame = Frames.block(1, 2, 3, noise, 3);

        assertThat(frame.get(ENCODING_AT)).isZero();
        assertThat(frame.capacity()).isEqualTo(BlockCodec.PAYLOAD_OFFSET + LIMIT);
    }

    @ParameterizedTest
    @CsvSource({"0, 65536", "0, 16384", "32768, 65536", "49152, 65536", "8192, 40000"})
    void shouldSeeThatARunOfNoiseIsOver(final int zeroFrom, final int zeroTo)
    {
        final byte[] noise = new byte[LIMIT];
        new SplittableRandom(1).nextBytes(noise);
        final ByteBuffer frame = AlignedBuffers.allocate(BlockCodec.frameBytes(LIMIT));
        try (BlockCodec compressing = new BlockCodec(1))
        {
            for (int i = 0; i < 3; i++)
            {
                assertThat(compressing.encode(block(noise), 0, LIMIT, frame)).isEqualTo(LIMIT);
            }
            Arrays.fill(noise, zeroFrom, zeroTo, (byte)0);

            final int payloadBytes = compressing.encode(block(noise), 0, LIMIT, frame);

            assertThat(payloadBytes).isLessThan(LIMIT - (zeroTo - zeroFrom) + 1024);
        }
    }

    @Test
    void shouldNotLetAPayloadExpandBeyondTheLengthItAnnounces()
    {
        final byte[] bomb = Zstd.compress(new byte[64 << 20], 3);
        final ByteBuffer frame = AlignedBuffers.allocate(BlockCodec.PAYLOAD_OFFSET + bomb.length);
        frame.put(0, Frames.block(1, 2, 3, filled(512), 0), 0, BlockCodec.PAYLOAD_OFFSET);
        frame.put(BlockCodec.PAYLOAD_OFFSET, bomb).put(ENCODING_AT, (byte)1);
        for (final int announced : new int[]{bomb.length, 4096, 16384, LIMIT})
        {
            if (announced >= bomb.length)
            {
                frame.putInt(LENGTH_BYTES_AT, announced);
                frame.putInt(BlockCodec.PAYLOAD_OFFSET - 4, bomb.length);

                assertThat(decode(frame)).as("announced %d", announced).isFalse();
                assertUntouchedBeyond(announced);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1, -512, 512})
    void shouldRefuseACompressedBlockOfAnotherLength(final int off)
    {
        final ByteBuffer frame = Frames.block(1, 2, 3, filled(16384), 3);
        assertThat(frame.get(ENCODING_AT)).isEqualTo((byte)1);
        frame.putInt(LENGTH_BYTES_AT, 16384 + off);

        assertThat(decode(frame)).isFalse();
        assertUntouchedBeyond(16384 + off);
    }

    @ParameterizedTest
    @ValueSource(ints = {-512, -1, 1, 512})
    void shouldRefuseAStoredBlockOfAnotherLength(final int off)
    {
        final ByteBuffer frame = Frames.block(1, 2, 3, filled(4096), 0);
        frame.putInt(LENGTH_BYTES_AT, 4096 + off);

        assertThat(decode(frame)).isFalse();
        assertUntouchedBeyond(0);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, LIMIT + 1, Integer.MAX_VALUE, -1, Integer.MIN_VALUE})
    void shouldRefuseALengthThatNoSlotHolds(final int announced)
    {
        final ByteBuffer frame = Frames.block(1, 2, 3, filled(4096), 3);
        frame.putInt(LENGTH_BYTES_AT, announced);

        assertThat(decode(frame)).isFalse();
        assertUntouchedBeyond(0);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 127, 128, 255})
    void shouldRefuseAnUnknownEncoding(final int encoding)
    {
        final ByteBuffer frame = Frames.block(1, 2, 3, filled(4096), 3);
        frame.put(ENCODING_AT, (byte)encoding);

        assertThat(decode(frame)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4095, 4097, 65536, Integer.MAX_VALUE, -1, Integer.MIN_VALUE})
    void shouldRefuseAPayloadLengthThatIsNotTheFrames(final int payload)
    {
        final ByteBuffer frame = Frames.block(1, 2, 3, filled(4096), 0);
        frame.putInt(BlockCodec.PAYLOAD_OFFSET - 4, payload);

        assertThat(decode(frame)).isFalse();
        assertUntouchedBeyond(0);
    }

    @Test
    void shouldRefuseANegativeBlock()
    {
        assertThat(decode(Frames.block(1, 2, -1, filled(4096), 0))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldNeverThrowNorWriteBeyondTheSlotForMutatedFrames(final long seed)
    {
        final SplittableRandom random = new SplittableRandom(seed);
        final byte[] content = filled(1 << random.nextInt(9, 17));
        random.nextBytes(content);
        Arrays.fill(content, 0, content.length * 3 / 4, (byte)5);
        final ByteBuffer good = Frames.block(1, 2, 3, content, 3);
        for (int i = 0; i < 20_000; i++)
        {
            final ByteBuffer frame = AlignedBuffers.allocate(
                random.nextInt(4) > 0 ? good.capacity() : 17 + random.nextInt(good.capacity() - 17));
            frame.put(0, good, 0, frame.capacity());
            for (int n = random.nextInt(4); n >= 0; n--)
            {
                // The fields and the beginning of the payload are where it hurts.
                final int at = 16 + random.nextInt(Math.min(frame.capacity() - 16, 160));
                frame.put(at, (byte)random.nextInt(256));
            }
            if (FrameRules.templateOf(new UnsafeBuffer(frame)) == BlockDecoder.TEMPLATE_ID)
            {
                decode(frame);
            }
        }

        assertUntouchedBeyond(LIMIT);
    }

    /** As the target does it; false when refused at either place. */
    private boolean decode(final ByteBuffer frame)
    {
        final UnsafeBuffer view = new UnsafeBuffer(frame.order(ByteOrder.LITTLE_ENDIAN));
        block.wrapAndApplyHeader(view, Frame.BODY_OFFSET, new MessageHeaderDecoder());
        return BlockCodec.isWellFormed(block, view, LIMIT) && codec.decode(block, frame, target, AT);
    }

    private static ByteBuffer block(final byte[] content)
    {
        return AlignedBuffers.allocate(content.length).put(0, content);
    }

    private void assertUntouchedBeyond(final int length)
    {
        for (int i = 0; i < target.capacity(); i++)
        {
            if ((i < AT || i >= AT + length) && target.get(i) != 0x5a)
            {
                throw new AssertionError("byte " + i + " was written, expected " + AT + "+" + length + " at most");
            }
        }
    }

    private static byte[] filled(final int length)
    {
        final byte[] content = new byte[length];
        Arrays.fill(content, (byte)7);
        return content;
    }
}
