package io.farblock.replication.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.replication.wire.sbe.BlockDecoder;
import io.farblock.replication.wire.sbe.HeartbeatDecoder;
import io.farblock.replication.wire.sbe.RefuseEncoder;
import io.farblock.replication.wire.sbe.MessageHeaderEncoder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FrameTest
{
    private final Frame frame = new Frame();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, 65536})
    void shouldSealTheSameWhereverTheEndOfTheFrameLies(final int tailBytes)
    {
        final ByteBuffer whole = AlignedBuffers.allocate(40 + tailBytes);
        for (int i = 0; i < whole.capacity(); i++)
        {
            whole.put(i, (byte)(i * 31));
        }
        final ByteBuffer head = AlignedBuffers.allocate(40).put(0, whole, 0, 40);
        final ByteBuffer tail = AlignedBuffers.allocate(512 + tailBytes).put(512, whole, 40, tailBytes);
        frame.seal(new UnsafeBuffer(whole), whole, 0, whole.capacity() - Frame.BODY_OFFSET);

        final int frameBytes = frame.seal(new UnsafeBuffer(head), head, 40, tail.position(512));

        assertThat(frameBytes).isEqualTo(whole.capacity());
        assertThat(head).isEqualTo(whole.slice(0, 40));
    }

    @Test
    void shouldCountAndChecksumEverythingAfterTheCrc()
    {
        final ByteBuffer memory = Frames.heartbeat(0x1122334455667788L);

        final CRC32C crc = new CRC32C();
        crc.update(memory.duplicate().position(8));
        assertThat(memory.order(ByteOrder.LITTLE_ENDIAN).getInt(0)).isEqualTo(memory.capacity() - 8);
        assertThat(memory.getInt(4)).isEqualTo((int)crc.getValue());
        assertThat(frame.isIntact(new UnsafeBuffer(memory), memory, 0, memory.capacity())).isTrue();
        assertThat(memory.position()).isZero();
        assertThat(memory.limit()).isEqualTo(memory.capacity());
    }

    @Test
    void shouldNoticeEveryFlippedBitOfCrcAndBody()
    {
        final byte[] content = new byte[600];
        new SplittableRandom(1).nextBytes(content);
        final ByteBuffer memory = Frames.block(3, 1, 7, content, 0);
        final UnsafeBuffer view = new UnsafeBuffer(memory);
        for (int bit = Frame.CRC_OFFSET * 8; bit < memory.capacity() * 8; bit++)
        {
            memory.put(bit / 8, (byte)(memory.get(bit / 8) ^ 1 << bit % 8));

            final boolean intact = frame.isIntact(view, memory, 0, memory.capacity());

            assertThat(intact).as("bit %d", bit).isFalse();
            memory.put(bit / 8, (byte)(memory.get(bit / 8) ^ 1 << bit % 8));
        }
        assertThat(frame.isIntact(view, memory, 0, memory.capacity())).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "8, 4096, true", "7, 4096, false", "0, 4096, false", "-1, 4096, false", "-2147483648, 4096, false",
        "4088, 4096, true", "4089, 4096, false", "2147483647, 4096, false"
    })
    void shouldBelieveOnlyALengthWithinTheLimit(final int bodyBytes, final int limit, final boolean allowed)
    {
        assertThat(FrameRules.isLengthAllowed(bodyBytes, limit)).isEqualTo(allowed);
    }

    @Test
    void shouldKnowItsOwnMessagesAndWhichBelongToTheStream()
    {
        final UnsafeBuffer heartbeat = new UnsafeBuffer(Frames.heartbeat(1));
        final UnsafeBuffer block = new UnsafeBuffer(Frames.block(77, 1, 7, new byte[512], 0));
        final UnsafeBuffer refuse = new UnsafeBuffer(Frames.of(buffer -> new RefuseEncoder()
            .wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, new MessageHeaderEncoder()).reason("why").limit()));

        assertThat(FrameRules.templateOf(heartbeat)).isEqualTo(HeartbeatDecoder.TEMPLATE_ID);
        assertThat(FrameRules.isStream(HeartbeatDecoder.TEMPLATE_ID)).isFalse();
        assertThat(FrameRules.templateOf(refuse)).isEqualTo(RefuseEncoder.TEMPLATE_ID);
        assertThat(FrameRules.templateOf(block)).isEqualTo(BlockDecoder.TEMPLATE_ID);
        assertThat(FrameRules.isStream(BlockDecoder.TEMPLATE_ID)).isTrue();
        assertThat(FrameRules.sequenceOf(block)).isEqualTo(77);
    }

    @Test
    void shouldNotKnowAFrameWithAnyBitOfItsHeaderFlipped()
    {
        final UnsafeBuffer view = new UnsafeBuffer(Frames.heartbeat(1));
        for (int bit = Frame.BODY_OFFSET * 8; bit < (Frame.BODY_OFFSET + 8) * 8; bit++)
        {
            view.putByte(bit / 8, (byte)(view.getByte(bit / 8) ^ 1 << bit % 8));

            assertThat(FrameRules.templateOf(view)).as("bit %d", bit).isEqualTo(-1);

            view.putByte(bit / 8, (byte)(view.getByte(bit / 8) ^ 1 << bit % 8));
        }
    }

    @Test
    void shouldNotKnowAFrameThatIsTooShortForItsFixedFields()
    {
        final ByteBuffer memory = Frames.block(1, 1, 1, new byte[512], 0);
        for (int length = 0; length < BlockCodec.PAYLOAD_OFFSET - 4; length++)
        {
            assertThat(FrameRules.templateOf(new UnsafeBuffer(memory, 0, length))).as("length %d", length)
                .isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldMakeNothingOfGarbage(final long seed)
    {
        final SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 20_000; i++)
        {
            final byte[] garbage = new byte[random.nextInt(200)];
            random.nextBytes(garbage);

            assertThat(FrameRules.templateOf(new UnsafeBuffer(garbage))).as("seed %d", seed).isEqualTo(-1);
        }
    }
}
