package io.farblock.replication.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.replication.TestStorage;
import io.farblock.replication.wire.Frame;
import io.farblock.replication.wire.Frames;
import io.farblock.replication.wire.sbe.MessageHeaderEncoder;
import io.farblock.replication.wire.sbe.RangeVerifiedEncoder;
import io.farblock.replication.wire.sbe.TreePagesEncoder;
import io.farblock.replication.wire.sbe.VolumeStateEncoder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.junit.jupiter.api.Test;

final class PeerRequestsTest
{
    private static final long SECOND_NS = 1_000_000_000;

    private final OneToOneRingBuffer requests = ring();
    private final OneToOneRingBuffer replies = ring();
    private final List<Integer> answers = new ArrayList<>();
    private long nowNs = Long.MAX_VALUE - SECOND_NS / 2;
    private final PeerRequests peer = new PeerRequests(requests, replies, () -> nowNs);

    @Test
    void shouldAskAgainTheSameUntilAnswered()
    {
        peer.treeQuery(1, 2, 3, 4);
        assertThat(sent()).containsExactly(1L);
        nowNs += SECOND_NS;
        poll();
        assertThat(sent()).isEmpty();
        nowNs++;
        poll();
        assertThat(sent()).containsExactly(1L);

        reply(treePages(1));
        poll();

        assertThat(answers).containsExactly(TreePagesEncoder.TEMPLATE_ID);
        nowNs += 2 * SECOND_NS;
        poll();
        assertThat(sent()).isEmpty();
        assertThat(peer.isWaiting()).isFalse();
    }

    @Test
    void shouldDropAnswersToOtherQuestionsAndSecondAnswers()
    {
        peer.treeQuery(1, 2, 3, 4);
        peer.treeQuery(1, 2, 3, 4);

        reply(treePages(1));
        reply(treePages(3));
        poll();
        assertThat(answers).isEmpty();
        reply(treePages(2));
        reply(treePages(2));
        poll();

        assertThat(answers).hasSize(1);
    }

    @Test
    void shouldTakeNothingAfterItForgot()
    {
        peer.treeQuery(1, 2, 3, 4);

        peer.forget();
        reply(treePages(1));
        poll();

        assertThat(answers).isEmpty();
    }

    @Test
    void shouldNotHandOnAnAnswerToAnotherKindOfQuestion()
    {
        peer.treeQuery(1, 2, 3, 4);

        reply(volumeState("why"));
        poll();

        assertThat(answers).isEmpty();
        assertThat(peer.isWaiting()).isTrue();
    }

    @Test
    void shouldNotHandOnAnAnswerWhoseDataDoNotFillIt()
    {
        peer.openVolume("g", new SourceVolume(
            new SourceConfig.Volume("v", Path.of("/v"), 4096), Path.of("/nowhere"), new TestStorage()));
        final ByteBuffer text = volumeState("why");
        final int textAt = text.capacity() - 5;

        for (final int length : new int[]{0, 2, 4, 1000, 65535})
        {
            reply(text.putShort(textAt, (short)length));
        }
        poll();

        assertThat(answers).isEmpty();
        assertThat(peer.isWaiting()).isTrue();
        reply(text.putShort(textAt, (short)3));
        poll();
        assertThat(answers).containsExactly(VolumeStateEncoder.TEMPLATE_ID);
    }

    @Test
    void shouldNotHandOnPagesThatDoNotFillTheirFrame()
    {
        peer.treeQuery(1, 2, 3, 4);
        final ByteBuffer pages = treePages(1);
        final int pagesAt = 16 + TreePagesEncoder.BLOCK_LENGTH;

        for (final int length : new int[]{-1, 0, 63, 65, 1000, 65535})
        {
            reply(pages.putInt(pagesAt, length));
        }
        poll();

        assertThat(answers).isEmpty();
        reply(pages.putInt(pagesAt, 64));
        poll();
        assertThat(answers).containsExactly(TreePagesEncoder.TEMPLATE_ID);
    }

    @Test
    void shouldNotHandOnHalfTheNumberOfADamagedBlock()
    {
        peer.verifyRange(1, 2, 3, false);
        final ByteBuffer damaged = Frames.of(buffer -> new RangeVerifiedEncoder()
            .wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, new MessageHeaderEncoder()).requestId(1)
            .putDamaged(new byte[7], 0, 7).limit());

        reply(damaged);
        poll();

        assertThat(answers).isEmpty();
        assertThat(peer.isWaiting()).isTrue();
    }

    private void poll()
    {
        peer.poll((template, frame) -> answers.add(template));
    }

    private void reply(final ByteBuffer frame)
    {
        final UnsafeBuffer view = new UnsafeBuffer(frame);
        assertThat(replies.write(
            io.farblock.replication.wire.FrameRules.templateOf(view), view, 0, view.capacity())).isTrue();
    }

    private List<Long> sent()
    {
        final List<Long> numbers = new ArrayList<>();
        requests.read((type, buffer, index, length) -> numbers.add(buffer.getLong(index + 16)));
        return numbers;
    }

    private static ByteBuffer volumeState(final String reason)
    {
        return Frames.of(buffer -> new VolumeStateEncoder()
            .wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, new MessageHeaderEncoder()).requestId(1).reason(reason)
            .limit()).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static ByteBuffer treePages(final long request)
    {
        return Frames.of(buffer -> new TreePagesEncoder()
            .wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, new MessageHeaderEncoder())
            .requestId(request).putPages(new byte[64], 0, 64).limit()).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static OneToOneRingBuffer ring()
    {
        return new OneToOneRingBuffer(new UnsafeBuffer(
            AlignedBuffers.allocate((1 << 16) + RingBufferDescriptor.TRAILER_LENGTH)));
    }
}
