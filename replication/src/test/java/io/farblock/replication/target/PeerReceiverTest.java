package io.farblock.replication.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.replication.Wakeup;
import io.farblock.replication.paths.FakeConnection;
import io.farblock.replication.paths.ReceivedFrames;
import io.farblock.replication.paths.Refusal;
import io.farblock.replication.wire.Frame;
import io.farblock.replication.wire.Frames;
import io.farblock.replication.wire.sbe.AttemptState;
import io.farblock.replication.wire.sbe.HelloEncoder;
import io.farblock.replication.wire.sbe.MessageHeaderDecoder;
import io.farblock.replication.wire.sbe.MessageHeaderEncoder;
import io.farblock.replication.wire.sbe.OpenVolumeEncoder;
import io.farblock.replication.wire.sbe.WelcomeDecoder;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes over the network into the ring, without stages: the test plays the apply stage. */
final class PeerReceiverTest
{
    private static final int SLOTS = 16;

    private final TargetRing ring = new TargetRing(SLOTS * 4096, 4096, 1);
    private final TargetWriter writer = new TargetWriter();
    private final PeerReceiver receiver = new PeerReceiver("alpha", ring, 99, writer, new Wakeup());
    private final List<String> refused = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldPutFramesInOrderAndDropDuplicates(final long seed)
    {
        final Random random = new Random(seed);
        final TargetConnection first = join(7, new FakeConnection());
        final TargetConnection second = join(7, 1, 1, new FakeConnection());
        long sequence = 0;
        long place = 0;
        int repeated = 0;
        for (int round = 0; round < 200; round++)
        {
            final List<Long> sequences = new ArrayList<>();
            final int count = 1 + random.nextInt(SLOTS - 2);
            for (int i = 0; i < count; i++)
            {
                sequences.add(sequence + i);
                if (random.nextInt(3) == 0)
                {
                    sequences.add(sequence + i);
                    repeated++;
                }
            }
            Collections.shuffle(sequences, random);
            for (final long number : sequences)
            {
                send(random.nextBoolean() ? first : second, block(number));
            }
            for (int i = 0; i < count; i++)
            {
                place++;
                assertThat(ring.ring.isAvailable(place)).as("seed %d, round %d", seed, round).isTrue();
                assertThat(ring.ring.get(place).frame.getLong(16)).isEqualTo(sequence + i);
                assertThat(ring.ring.get(place).kind).isEqualTo(TargetSlot.Kind.FRAME);
            }
            sequence += count;
            ring.applied.set(place);
            assertThat(receiver.received()).as("seed %d", seed).isEqualTo(sequence - 1);
        }

        assertThat(receiver.duplicates()).as("seed %d", seed).isEqualTo(repeated);
        assertThat(refused).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {SLOTS, SLOTS + 1, 1L << 40, Long.MAX_VALUE, -1, Long.MIN_VALUE})
    void shouldRefuseAFrameBeyondTheWindow(final long sequence)
    {
        final FakeConnection connection = new FakeConnection();
        final TargetConnection source = join(7, connection);

        send(source, block(sequence));

        assertThat(connection.closed).contains("sequence " + sequence);
        assertThat(refused).hasSize(1);
    }

    @Test
    void shouldVoidTheHolesThatAnOldSessionLeftAndBeginAnew()
    {
        final TargetConnection old = join(7, new FakeConnection());
        send(old, block(0));
        send(old, block(3));
        old.onClosed("gone");

        final TargetConnection fresh = join(8, new FakeConnection());
        send(fresh, block(0));

        assertThat(kinds(0, 6)).containsExactly(
            TargetSlot.Kind.SESSION, TargetSlot.Kind.FRAME, TargetSlot.Kind.VOID, TargetSlot.Kind.VOID,
            TargetSlot.Kind.FRAME, TargetSlot.Kind.SESSION, TargetSlot.Kind.FRAME);
        assertThat(receiver.received()).isEqualTo(-1);
        ring.applied.set(6);
        assertThat(receiver.received()).isZero();
    }

    @Test
    void shouldBeginAnewBehindTheFarthestFrameThatAnOldSessionMaySend()
    {
        final FakeConnection connection = new FakeConnection();
        final TargetConnection old = join(7, connection);
        long last = SLOTS;
        while (connection.closed == null && last > 0)
        {
            last--;
            final FakeConnection trial = new FakeConnection();
            send(join(7, 1, 1, trial), block(last));
            if (trial.closed == null)
            {
                break;
            }
        }
        assertThat(last).as("beyond the window that is told").isGreaterThanOrEqualTo(SLOTS - 3);
        old.onClosed("gone");
        receiver.leave(receiver.connection(1), "gone");

        final FakeConnection fresh = new FakeConnection();
        join(8, fresh);

        assertThat(fresh.closed).isNull();
    }

    @Test
    void shouldNotLetALateConnectionReplaceANewerOne()
    {
        final TargetConnection fresh = join(7, 0, 2, new FakeConnection());
        final FakeConnection late = new FakeConnection();

        join(7, 0, 1, late);

        assertThat(late.closed).contains("has a newer connection");
        assertThat(receiver.connection(0)).isSameAs(fresh);
    }

    @Test
    void shouldKeepASecondSessionOutWhileTheFirstIsConnected()
    {
        final FakeConnection other = new FakeConnection();
        join(7, new FakeConnection());

        join(8, other);

        assertThat(other.closed).contains("another session");
    }

    @Test
    void shouldNotTellANewSessionWhatTheOldOnesAttemptsCameTo()
    {
        final TargetConnection old = join(7, new FakeConnection());
        send(old, block(0));
        ring.applied.set(0);
        old.onClosed("killed");

        join(8, new FakeConnection());
        receiver.report(new AttemptReport(7, AttemptState.APPLIED, true, ""));

        assertThat(receiver.report()).isEqualTo(AttemptReport.NONE);
        ring.applied.set(1);
        assertThat(receiver.report()).isEqualTo(AttemptReport.NONE);
        receiver.report(AttemptReport.NONE);
        ring.applied.set(2);
        receiver.report(new AttemptReport(1, AttemptState.OPEN, true, ""));
        assertThat(receiver.report().attempt()).isEqualTo(1);
    }

    @Test
    void shouldRefuseARequestThatIsTooLargeToKeep()
    {
        final FakeConnection connection = new FakeConnection();
        final TargetConnection source = join(7, connection);

        send(source, Frames.of(buffer -> new OpenVolumeEncoder()
            .wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, new MessageHeaderEncoder())
            .volumeGroup("g".repeat(20_000)).volume("v").limit()));

        assertThat(connection.closed).contains("a request of ").contains("expected at most");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldThrowNothingForMutatedFrames(final long seed)
    {
        final Random random = new Random(seed);
        final List<ByteBuffer> good = List.of(
            hello(7, 0, 1), Frames.heartbeat(1), block(0), Frames.of(buffer -> new OpenVolumeEncoder()
                .wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, new MessageHeaderEncoder())
                .volumeGroup("g").volume("v").limit()));
        for (int i = 0; i < 5000; i++)
        {
            final FakeConnection connection = new FakeConnection();
            final TargetConnection source = new TargetConnection(new OnePeer(), () -> 1, writer);
            source.onOpened(connection);
            for (int n = 0; n < 3 && connection.closed == null; n++)
            {
                final ByteBuffer frame = good.get(n == 0 ? 0 : random.nextInt(good.size()));
                final ByteBuffer mutated = ByteBuffer.allocateDirect(frame.capacity()).put(0, frame, 0,
                    frame.capacity());
                if (random.nextBoolean())
                {
                    mutated.put(8 + random.nextInt(frame.capacity() - 8), (byte)random.nextInt(256));
                }
                send(source, mutated);
            }
            source.onClosed("next");
            ring.applied.set(ring.ring.getCursor());
        }

        assertThat(receiver.live()).as("seed %d", seed).isZero();
    }

    private List<TargetSlot.Kind> kinds(final long from, final long to)
    {
        final List<TargetSlot.Kind> kinds = new ArrayList<>();
        for (long place = from; place <= to; place++)
        {
            assertThat(ring.ring.isAvailable(place)).isTrue();
            kinds.add(ring.ring.get(place).kind);
        }
        return kinds;
    }

    @Test
    void shouldTellWhichFramesHaveArrivedBeyondAHole()
    {
        final TargetConnection source = join(7, new FakeConnection());
        final long[] runs = new long[6];
        for (final long sequence : new long[]{1, 2, 5, 8, 9, 10, 12})
        {
            send(source, block(sequence));
        }

        assertThat(receiver.ranges(runs)).isEqualTo(3);
        assertThat(runs).containsExactly(1, 2, 5, 1, 8, 3);
        send(source, block(0));
        assertThat(receiver.ranges(runs)).isEqualTo(3);
        assertThat(runs).containsExactly(0, 3, 5, 1, 8, 3);
        ring.applied.set(3);

        assertThat(receiver.received()).isEqualTo(2);
        assertThat(receiver.ranges(runs)).isEqualTo(3);
        assertThat(runs).containsExactly(5, 1, 8, 3, 12, 1);
    }

    @Test
    void shouldReplaceAConnectionByANewerOneOfItsPath()
    {
        final FakeConnection old = new FakeConnection();
        final TargetConnection oldSource = join(7, 0, 1, old);
        final TargetConnection other = join(7, 1, 1, new FakeConnection());

        final TargetConnection fresh = join(7, 0, 2, new FakeConnection());
        oldSource.onClosed("replaced");

        assertThat(old.closed).contains("replaced by a newer connection");
        assertThat(receiver.live()).isEqualTo(2);
        assertThat(receiver.connection(0)).isSameAs(fresh);
        assertThat(receiver.connection(1)).isSameAs(other);
    }

    @Test
    void shouldAcknowledgeWhereTheSourceWantsIt()
    {
        final TargetConnection first = join(7, new FakeConnection());
        final TargetConnection second = join(7, 1, 1, new FakeConnection());

        assertThat(receiver.acksOn()).isNull();
        send(first, Frames.heartbeat(1, true));
        send(second, Frames.heartbeat(1, false));
        assertThat(receiver.acksOn()).isSameAs(first);
        send(second, Frames.heartbeat(2, true));
        assertThat(receiver.acksOn()).isSameAs(second);
        second.onClosed("cut");

        assertThat(receiver.acksOn()).isNull();
    }

    @Test
    void shouldSayWhetherASessionContinues()
    {
        final FakeConnection first = new FakeConnection();
        final TargetConnection begun = join(7, first);
        begun.onClosed("cut");
        final FakeConnection again = new FakeConnection();
        final TargetConnection continued = join(7, 0, 2, again);
        continued.onClosed("cut");
        join(8, new FakeConnection()).onClosed("cut");
        final FakeConnection late = new FakeConnection();

        join(7, 0, 3, late);

        assertThat(List.of(first, again, late)).extracting(connection -> welcome(connection).continued())
            .containsExactly((short)0, (short)1, (short)0);
    }

    private static WelcomeDecoder welcome(final FakeConnection connection)
    {
        return new WelcomeDecoder().wrapAndApplyHeader(
            new UnsafeBuffer(connection.sent.get(0)), Frame.BODY_OFFSET, new MessageHeaderDecoder());
    }

    private TargetConnection join(final long session, final FakeConnection connection)
    {
        return join(session, 0, 1, connection);
    }

    private TargetConnection join(
        final long session, final int pathIndex, final long linkSerial, final FakeConnection connection)
    {
        final TargetConnection source = new TargetConnection(new OnePeer(), () -> 1, writer);
        source.onOpened(connection);
        send(source, hello(session, pathIndex, linkSerial));
        return source;
    }

    private void send(final TargetConnection to, final ByteBuffer frame)
    {
        to.onFrame(to.connection(), ReceivedFrames.of(frame, receiver.frameLimitBytes()));
    }

    private static ByteBuffer hello(final long session, final int pathIndex, final long linkSerial)
    {
        return Frames.of(buffer -> new HelloEncoder()
            .wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, new MessageHeaderEncoder())
            .sessionHigh(session).sessionLow(1).blockBytes(4096).linkSerial(linkSerial)
            .pathIndex((short)pathIndex).site("alpha").path("p").limit());
    }

    private static ByteBuffer block(final long sequence)
    {
        return Frames.block(sequence, 0, 1, new byte[512], 0).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    }

    /** Knows the one receiver. */
    private final class OnePeer implements TargetConnection.Directory
    {
        @Override
        public PeerReceiver receiverOf(final String site)
        {
            return site.equals("alpha") ? receiver : null;
        }

        @Override
        public void refused(final Refusal kind, final String reason)
        {
            refused.add(reason);
        }
    }
}
