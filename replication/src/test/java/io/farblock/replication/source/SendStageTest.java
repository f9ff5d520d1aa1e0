package io.farblock.replication.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.replication.Wakeup;
import io.farblock.replication.paths.ConnectionHandler;
import io.farblock.replication.paths.FakeConnection;
import io.farblock.replication.paths.Path;
import io.farblock.replication.paths.PathConfig;
import io.farblock.replication.paths.PathMode;
import io.farblock.replication.paths.PathState;
import io.farblock.replication.paths.ReceivedFrames;
import io.farblock.replication.paths.SourceLines;
import io.farblock.replication.shaping.PeerLimits;
import io.farblock.replication.shaping.Shaper;
import io.farblock.replication.wire.Frame;
import io.farblock.replication.wire.FrameRules;
import io.farblock.replication.wire.Frames;
import io.farblock.replication.wire.sbe.AckEncoder;
import io.farblock.replication.wire.sbe.AttemptState;
import io.farblock.replication.wire.sbe.HeartbeatDecoder;
import io.farblock.replication.wire.sbe.MessageHeaderDecoder;
import io.farblock.replication.wire.sbe.MessageHeaderEncoder;
import io.farblock.replication.wire.sbe.WelcomeEncoder;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Frames over two paths whose other ends are the test's, under a clock of the test's. */
class SendStageTest
{
    private static final int BLOCK_BYTES = 4096;
    private static final int SLOTS = 64;
    private static final long MS = 1_000_000;

    private final SourceRing ring = new SourceRing(SLOTS * BLOCK_BYTES, BLOCK_BYTES, 1);
    private final SourceSession session = new SourceSession(() -> 42);
    private final Lines lines = new Lines();
    private final List<Path> paths = new ArrayList<>();
    private SendStage send;
    private long nowNs = Long.MAX_VALUE - 1_000 * MS;
    private int frames;

    @BeforeEach
    void connect()
    {
        final List<PathConfig> configs = List.of(config("a"), config("b"));
        final Shaper shaper = new Shaper(PeerLimits.NONE, List.of("a", "b"), () -> 0, ZoneOffset.UTC, nowNs);
        configs.forEach(config -> paths.add(new Path(config, paths.size(), shaper)));
        final SourceConfig config = new SourceConfig("alpha", java.nio.file.Path.of("/none"), "beta", configs,
            PathMode.STRIPE, PeerLimits.NONE, List.of(), 0, 1, SLOTS * BLOCK_BYTES);
        final ByteBuffer memory = handOver();
        final PeerMessages messages = new PeerMessages(config, paths, session,
            new OneToOneRingBuffer(new UnsafeBuffer(handOver())), memory, new Wakeup());
        send = new SendStage(ring, session, paths, PathMode.STRIPE, messages,
            new OneToOneRingBuffer(new UnsafeBuffer(memory)),
            new SourceRuntime(lines, null, null, () -> nowNs, () -> 42, now -> 0));
        work(0);
        lines.ends.forEach(end -> end.hear(welcome(1)));
        work(1);
        assertThat(paths).allMatch(path -> path.state() == PathState.UP);
    }

    @Test
    void shouldSendAgainOnlyWhatHasNotArrivedWhenALineIsCut()
    {
        publish(8);
        work(0);
        final List<Long> lost = lines.ends.get(0).sequences();
        assertThat(lost).isNotEmpty();
        lines.ends.get(1).hear(ack(0, lost.get(0)));

        lines.ends.get(0).handler.onClosed("cut");
        work(0);

        assertThat(lines.ends.get(1).sequences()).containsAll(lost.subList(1, lost.size()))
            .doesNotContain(lost.get(0));
    }

    @Test
    void shouldSendWhatASuspectLineHasAsSoonAsAnotherComesUp()
    {
        publish(8);
        work(0);
        final List<Long> held = lines.ends.get(0).sequences();
        work(600);
        assertThat(paths).allMatch(path -> path.state() == PathState.SUSPECT);
        final int before = lines.ends.get(1).sequences().size();

        work(40);
        lines.ends.get(1).hear(ack(lines.ends.get(1).lastAskedNs(), -1));
        work(1);

        assertThat(paths.get(1).state()).isEqualTo(PathState.UP);
        assertThat(lines.ends.get(1).sequences()).hasSize(before + held.size()).containsAll(held);
    }

    @Test
    void shouldHaveTheStreamAcknowledgedOnALineThatAnswers()
    {
        work(1_100);
        final End first = lines.ends.get(0);
        final End second = lines.ends.get(1);
        assertThat(first.acksAsked() || second.acksAsked()).isTrue();
        final End dead = first.acksAsked() ? first : second;
        final End other = dead == first ? second : first;

        dead.handler.onClosed("cut");
        work(1);

        assertThat(other.acksAsked()).isTrue();
    }

    @Test
    void shouldConnectAllLinesAtOnceWhenTheTargetIsBackFromARestart()
    {
        lines.away = true;
        lines.ends.forEach(end -> end.handler.onClosed("it died"));
        for (int i = 0; i < 1_000; i++)
        {
            work(10);
        }
        lines.away = false;
        lines.most = 5;
        while (lines.ends.size() == 2)
        {
            work(10);
        }
        lines.ends.get(2).hear(welcome(2));
        work(0);
        assertThat(paths).noneMatch(path -> path.state() == PathState.UP);

        work(100);

        assertThat(paths).allMatch(path -> path.state() == PathState.CONNECTING);
    }

    private void publish(final int count)
    {
        final EpochAttempt attempt = new EpochAttempt("g", 1, 1, session.serial(), nowNs);
        for (int i = 0; i < count; i++)
        {
            final long place = ring.ring.next();
            final SourceSlot slot = ring.ring.get(place);
            slot.begin(SourceSlot.Kind.BLOCK, attempt, null);
            slot.frameSequence = frames;
            final ByteBuffer frame = Frames.block(frames++, 0, i, new byte[512], 0);
            slot.frame.put(0, frame, 0, frame.capacity());
            slot.headBytes = frame.capacity();
            ring.ring.publish(place);
            ring.compressed[0].set(place);
        }
    }

    private void work(final int ms)
    {
        nowNs += ms * MS;
        for (int i = 0; i < 4; i++)
        {
            send.doWork();
        }
    }

    private static PathConfig config(final String name)
    {
        return new PathConfig(name, null, InetSocketAddress.createUnresolved(name, 1));
    }

    private static ByteBuffer handOver()
    {
        return AlignedBuffers.allocate((1 << 16) + RingBufferDescriptor.TRAILER_LENGTH);
    }

    private static ByteBuffer welcome(final long incarnation)
    {
        return Frames.of(buffer -> new WelcomeEncoder()
            .wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, new MessageHeaderEncoder())
            .incarnation(incarnation).receivedSequence(-1).windowFrames(SLOTS).continued((short)1).limit());
    }

    /** @param arrived a frame beyond the first; -1 for none. */
    private static ByteBuffer ack(final long heartbeatNs, final long arrived)
    {
        return Frames.of(buffer ->
        {
            final AckEncoder ack = new AckEncoder()
                .wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, new MessageHeaderEncoder())
                .receivedSequence(-1).heartbeatNs(heartbeatNs).attempt(0).attemptState(AttemptState.NONE)
                .retryable((short)1);
            final AckEncoder.RangesEncoder ranges = ack.rangesCount(arrived < 0 ? 0 : 1);
            if (arrived >= 0)
            {
                ranges.next().firstSequence(arrived).frameCount(1);
            }
            ack.linksCount(0);
            return ack.reason("").limit();
        });
    }

    /** An attempt succeeds at once, as far as the network is concerned, unless the other side is away. */
    private static final class Lines extends SourceLines
    {
        private final List<End> ends = new ArrayList<>();
        private int most = 2;
        private boolean away;

        @Override
        public void connect(final PathConfig path, final ConnectionHandler handler)
        {
            if (away)
            {
                handler.onClosed("nobody is there");
            }
            else if (ends.size() < most)
            {
                ends.add(new End(handler));
            }
        }
    }

    /** A connection as its other end sees it. */
    private static final class End extends FakeConnection
    {
        private final ConnectionHandler handler;
        private final MessageHeaderDecoder header = new MessageHeaderDecoder();

        End(final ConnectionHandler handler)
        {
            this.handler = handler;
            handler.onOpened(this);
        }

        void hear(final ByteBuffer frame)
        {
            handler.onFrame(this, ReceivedFrames.of(frame, Frame.CONTROL_LIMIT_BYTES));
        }

        List<Long> sequences()
        {
            return sent.stream().map(UnsafeBuffer::new).filter(frame -> FrameRules.templateOf(frame) > 0)
                .filter(frame -> FrameRules.isStream(FrameRules.templateOf(frame))).map(FrameRules::sequenceOf)
                .toList();
        }

        long lastAskedNs()
        {
            final List<HeartbeatDecoder> all = heartbeats();
            return all.get(all.size() - 1).sentNs();
        }

        boolean acksAsked()
        {
            return heartbeats().stream().anyMatch(asked -> asked.acksHere() == 1);
        }

        private List<HeartbeatDecoder> heartbeats()
        {
            return sent.stream().map(UnsafeBuffer::new)
                .filter(frame -> FrameRules.templateOf(frame) == HeartbeatDecoder.TEMPLATE_ID)
                .map(frame -> new HeartbeatDecoder().wrapAndApplyHeader(frame, Frame.BODY_OFFSET, header))
                .toList();
        }
    }
}
