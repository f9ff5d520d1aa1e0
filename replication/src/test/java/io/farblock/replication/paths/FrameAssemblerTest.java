package io.farblock.replication.paths;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.replication.wire.Frames;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FrameAssemblerTest
{
    private static final int HEARTBEAT_BYTES = Frames.heartbeat(1).capacity();

    private final List<ByteBuffer> frames = new ArrayList<>();
    private final FrameAssembler assembler = new FrameAssembler(
        frame -> frames.add(copyOf(frame)), 4096);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldPutFramesTogetherFromAnyPieces(final long seed)
    {
        final SplittableRandom random = new SplittableRandom(seed);
        final List<ByteBuffer> expected = new ArrayList<>();
        final ByteBuffer stream = ByteBuffer.allocate(1 << 20);
        for (int i = 0; i < 200; i++)
        {
            final byte[] content = new byte[1 + random.nextInt(3900)];
            random.nextBytes(content);
            final ByteBuffer frame = Frames.block(i, 1, 2, content, 0);
            expected.add(frame);
            stream.put(frame.duplicate());
        }
        stream.flip();

        while (stream.hasRemaining())
        {
            final int piece = random.nextInt(3) == 0 ? 1 + random.nextInt(20) : 1 + random.nextInt(9000);
            final int end = Math.min(stream.limit(), stream.position() + piece);
            assertThat(accept(stream.duplicate().limit(end))).as("seed %d", seed).isNull();
            stream.position(end);
        }

        assertThat(frames).as("seed %d", seed).isEqualTo(expected);
    }

    @Test
    void shouldTakeLargerFramesOnceTheLimitIsRaisedFromWithinTheSink()
    {
        final int[] sizes = new int[2];
        final int[] count = {0};
        final FrameAssembler[] self = new FrameAssembler[1];
        self[0] = new FrameAssembler(frame ->
        {
            sizes[count[0]++] = frame.lengthBytes();
            self[0].frameLimit(100_000);
        }, 4096);
        final ByteBuffer large = Frames.block(1, 1, 1, new byte[70_000], 0);
        final ByteBuffer stream = ByteBuffer.allocate(80_000).put(Frames.heartbeat(1)).put(large.duplicate()).flip();

        final String problem = self[0].accept(source(stream));

        assertThat(problem).isNull();
        assertThat(sizes).containsExactly(HEARTBEAT_BYTES, large.capacity());
    }

    @ParameterizedTest
    @ValueSource(ints = {4089, 1 << 20, Integer.MAX_VALUE, -1, Integer.MIN_VALUE, 7, 0})
    void shouldRefuseALengthBeforeAnyOfTheBodyIsTaken(final int length)
    {
        final ByteBuffer bytes = Frames.heartbeat(1);
        bytes.putInt(0, length);

        final String problem = accept(bytes);

        assertThat(problem).contains("frame length").contains("expected at most 4088");
        assertThat(bytes.position()).isEqualTo(8);
        assertThat(frames).isEmpty();
    }

    @Test
    void shouldRefuseAFrameWithAnyBitFlippedAfterItsLength()
    {
        for (int bit = 32; bit < HEARTBEAT_BYTES * 8; bit++)
        {
            final ByteBuffer bytes = Frames.heartbeat(0x0102030405060708L);
            bytes.put(bit / 8, (byte)(bytes.get(bit / 8) ^ 1 << bit % 8));
            final FrameAssembler fresh = new FrameAssembler(frame -> frames.add(frame.memory()), 4096);

            assertThat(fresh.accept(source(bytes))).as("bit %d", bit).contains("CRC32C");
        }
        assertThat(frames).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldNeverHandOnGarbage(final long seed)
    {
        final SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 500; i++)
        {
            final byte[] garbage = new byte[9000];
            random.nextBytes(garbage);
            if (random.nextBoolean())
            {
                ByteBuffer.wrap(garbage).order(java.nio.ByteOrder.LITTLE_ENDIAN).putInt(8 + random.nextInt(4000));
            }
            final FrameAssembler fresh = new FrameAssembler(frame -> frames.add(frame.memory()), 4096);

            assertThat(fresh.accept(source(ByteBuffer.wrap(garbage)))).as("seed %d", seed).isNotNull();
        }
        assertThat(frames).as("seed %d", seed).isEmpty();
    }

    private static ByteBuffer copyOf(final ReceivedFrame frame)
    {
        return ByteBuffer.allocate(frame.lengthBytes()).put(0, frame.memory(), 0, frame.lengthBytes());
    }

    private String accept(final ByteBuffer bytes)
    {
        return assembler.accept(source(bytes));
    }

    private static FrameAssembler.Source source(final ByteBuffer bytes)
    {
        return new FrameAssembler.Source()
        {
            @Override
            public int available()
            {
                return bytes.remaining();
            }

            @Override
            public void read(final ByteBuffer target)
            {
                final int length = target.remaining();
                target.put(target.position(), bytes, bytes.position(), length);
                bytes.position(bytes.position() + length);
                target.position(target.limit());
            }
        };
    }
}
