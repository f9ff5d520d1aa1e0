package io.farblock.replication.paths;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farblock.replication.shaping.PeerLimits;
import io.farblock.replication.shaping.Shaper;
import io.farblock.replication.wire.Frames;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One path under a clock of the test's, close to where its nanoseconds overflow. */
final class PathTest
{
    static final long START_NS = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(2);
    static final long MS = 1_000_000;
    static final LongUnaryOperator NO_JITTER = nowNs -> 0;
    private static final int FRAME_BYTES = 24;

    private final Path path = path(0);
    private final FakeConnection connection = new FakeConnection();

    @ParameterizedTest
    @CsvSource({
        "DISABLED, DOWN", "DOWN, CONNECTING DISABLED", "CONNECTING, UP DOWN DISABLED", "UP, SUSPECT DOWN DISABLED",
        "SUSPECT, UP DOWN DISABLED"
    })
    void shouldAllowOnlyTheMovesThatAreDrawn(final PathState from, final String allowed)
    {
        for (final PathState to : PathState.values())
        {
            assertThat(from.allows(to)).as("%s -> %s", from, to)
                .isEqualTo((" " + allowed + " ").contains(" " + to + " "));
        }
    }

    @Test
    void shouldRefuseAMoveThatIsNotDrawn()
    {
        assertThatThrownBy(() -> path.down("again", START_NS, 0)).isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("DOWN -> DOWN");
    }

    @Test
    void shouldTurnSuspectWhenAnAnswerIsOverdueAndComeBackWhenALaterQuestionIsAnswered()
    {
        up(path, connection, START_NS, 10 * MS);
        path.heartbeatSent(START_NS + MS);

        // 10 ms of round trip, and 80 for what is not the line's fault.
        path.judge(START_NS + 91 * MS, NO_JITTER);
        assertThat(path.state()).isEqualTo(PathState.UP);
        path.judge(START_NS + 92 * MS, NO_JITTER);
        assertThat(path.state()).isEqualTo(PathState.SUSPECT);
        assertThat(path.reason()).isEqualTo("no answer for 91 ms");
        path.answered(START_NS + MS, false, START_NS + 113 * MS);
        assertThat(path.state()).as("asked before the suspicion").isEqualTo(PathState.SUSPECT);
        path.heartbeatSent(START_NS + 114 * MS);
        path.answered(START_NS + 115 * MS, false, START_NS + 120 * MS);
        assertThat(path.state()).as("an answer to what was never asked").isEqualTo(PathState.SUSPECT);
        path.answered(START_NS + 114 * MS, false, START_NS + 120 * MS);

        assertThat(path.state()).isEqualTo(PathState.UP);
        assertThat(path.suspicions()).isEqualTo(1);
    }

    @Test
    void shouldTurnSuspectWhenNothingOfWhatIsOnItsWayArrives()
    {
        up(path, connection, START_NS, 10 * MS);
        send(path, START_NS);

        for (int i = 1; i <= 20; i++)
        {
            send(path, START_NS + 10 * i * MS);
            path.delivered(i * FRAME_BYTES, START_NS + 10 * i * MS);
            path.judge(START_NS + 10 * i * MS, NO_JITTER);
        }
        // 90 ms for an answer while the rate is unknown, and 80 for what is not the line's fault.
        path.judge(START_NS + 900 * MS, NO_JITTER);
        assertThat(path.state()).as("no report is no news").isEqualTo(PathState.UP);
        path.delivered(20 * FRAME_BYTES, START_NS + 370 * MS);
        path.judge(START_NS + 370 * MS, NO_JITTER);
        assertThat(path.state()).isEqualTo(PathState.UP);
        path.delivered(20 * FRAME_BYTES, START_NS + 371 * MS);
        path.judge(START_NS + 371 * MS, NO_JITTER);

        assertThat(path.state()).isEqualTo(PathState.SUSPECT);
        assertThat(path.reason()).startsWith("nothing arrived for");
    }

    @Test
    void shouldNotRestWhenItsOtherSideIsKnownToBeThere()
    {
        long now = START_NS;
        for (int i = 0; i < 6; i++)
        {
            path.connecting(now);
            path.down("refused", now, 0);
        }
        assertThat(path.isDue(now + 1_999 * MS, true)).isFalse();

        path.connecting(now + 2_000 * MS);
        now += 2_001 * MS;
        path.forgiveFailures();
        path.down("it was restarted", now, 0);

        assertThat(path.isDue(now + 99 * MS, true)).isFalse();
        assertThat(path.isDue(now + 100 * MS, true)).isTrue();
    }

    @Test
    void shouldOweMoreAnswersTheMoreOftenItWentBad()
    {
        up(path, connection, START_NS, 10 * MS);
        long now = START_NS;
        for (final int owed : new int[]{1, 2, 4, 8, 16, 16})
        {
            path.heartbeatSent(now);
            now += 500 * MS;
            path.judge(now, NO_JITTER);
            assertThat(path.state()).isEqualTo(PathState.SUSPECT);

            for (int i = 1; i <= owed; i++)
            {
                path.heartbeatSent(now);
                path.answered(now, false, now + MS);
                assertThat(path.state()).as("%d of %d", i, owed)
                    .isEqualTo(i < owed ? PathState.SUSPECT : PathState.UP);
                now += 2 * MS;
            }
        }
    }

    @Test
    void shouldOweOneAnswerWhileThereIsNoOtherPath()
    {
        up(path, connection, START_NS, 10 * MS);
        long now = START_NS;
        for (int i = 0; i < 6; i++)
        {
            path.heartbeatSent(now);
            now += 500 * MS;
            path.judge(now, NO_JITTER);
            assertThat(path.state()).isEqualTo(PathState.SUSPECT);

            path.heartbeatSent(now);
            path.answered(now, true, now + MS);

            assertThat(path.state()).isEqualTo(PathState.UP);
        }
    }

    @Test
    void shouldNotTakeAnOutageForARoundTrip()
    {
        up(path, connection, START_NS, 10 * MS);
        path.heartbeatSent(START_NS);
        path.judge(START_NS + 200 * MS, NO_JITTER);
        path.heartbeatSent(START_NS + 201 * MS);

        path.answered(START_NS, false, START_NS + 4000 * MS);
        path.answered(START_NS + 201 * MS, false, START_NS + 4000 * MS);

        assertThat(path.state()).isEqualTo(PathState.UP);
        assertThat(path.rttNs()).isLessThan(100 * MS);
    }

    @Test
    void shouldGoDownInLongSilence()
    {
        up(path, connection, START_NS, 10 * MS);

        path.judge(START_NS + 6000 * MS, NO_JITTER);
        assertThat(path.state()).isEqualTo(PathState.UP);
        path.judge(START_NS + 6001 * MS, NO_JITTER);

        assertThat(path.state()).isEqualTo(PathState.DOWN);
        assertThat(connection.closed).isEqualTo("silent for 6001 ms");
        assertThat(path.link()).isNull();
    }

    @Test
    void shouldNotTakeALineInTheMiddleOfALongFrameForDead()
    {
        up(path, connection, START_NS, 10 * MS);
        send(path, 65_536, START_NS);

        for (int second = 1; second <= 20; second++)
        {
            path.delivered(second * 3_000, START_NS + second * 1000 * MS);
            path.judge(START_NS + second * 1000 * MS, NO_JITTER);
        }

        assertThat(path.link()).isNotNull();
    }

    @Test
    void shouldNotTakeItsOwnQuestionsForWork()
    {
        up(path, connection, START_NS, 80 * MS);
        ask(START_NS);

        assertThat(path.inFlightBytes()).isEqualTo(FRAME_BYTES);
        assertThat(path.isHeartbeatDue(START_NS + 60 * MS)).isFalse();
        assertThat(path.isHeartbeatDue(START_NS + 999 * MS)).isFalse();
        path.delivered(FRAME_BYTES, START_NS + 80 * MS);

        assertThat(path.deliveryBytesPerSecond()).as("a question tells nothing of a rate").isZero();
    }

    @Test
    void shouldAskNothingOfASideThatReadsNothing()
    {
        up(path, connection, START_NS, MS);
        connection.writable = false;

        assertThat(path.isHeartbeatDue(START_NS + 5000 * MS)).isFalse();
        connection.writable = true;
        assertThat(path.isHeartbeatDue(START_NS + 5000 * MS)).isTrue();
    }

    @Test
    void shouldGiveUpAnAttemptThatIsNeverWelcomed()
    {
        path.connecting(START_NS);

        path.judge(START_NS + 6000 * MS, NO_JITTER);
        assertThat(path.state()).isEqualTo(PathState.CONNECTING);
        path.judge(START_NS + 6001 * MS, NO_JITTER);

        assertThat(path.state()).isEqualTo(PathState.DOWN);
    }

    @Test
    void shouldWaitTwiceAsLongAfterEachFailureUpToALimitAndStartOverOnceUp()
    {
        assertThat(path.isDue(START_NS, true)).isTrue();
        long now = START_NS;
        for (final int expectedMs : new int[]{100, 200, 400, 800, 1600, 2000, 2000})
        {
            path.connecting(now);
            path.down("refused", now, 7);

            assertThat(path.isDue(now + expectedMs * MS + 6, true)).isFalse();
            assertThat(path.isDue(now + expectedMs * MS + 7, true)).isTrue();
            now += expectedMs * MS + 7;
        }
        up(path, connection, now, MS);
        path.down("lost", now, 0);

        assertThat(path.isDue(now + 100 * MS, true)).isTrue();
    }

    @Test
    void shouldLeaveAPathThatFlapsAloneForLongerWhileThereAreOthers()
    {
        long now = START_NS;
        for (int i = 0; i < 8; i++)
        {
            up(path, new FakeConnection(), now, MS);
            path.down("lost", now, 0);
        }

        assertThat(path.isDue(now + 100 * MS, true)).isTrue();
        assertThat(path.isDue(now + 4_999 * MS, false)).isFalse();
        assertThat(path.isDue(now + 5_000 * MS, false)).isTrue();
        // Five minutes without trouble are forgiveness.
        now += 5_000 * MS;
        up(path, connection, now, MS);
        now += 300_000 * MS;
        path.down("lost", now, 0);
        assertThat(path.isDue(now + 100 * MS, false)).isTrue();
    }

    @Test
    void shouldNotTakeWhatAnOldAttemptSaysForTheNewOnes()
    {
        final PathLink old = path.connecting(START_NS);
        path.down("lost", START_NS, 0);
        final PathLink fresh = path.connecting(START_NS);

        old.opened(connection);
        old.closed("late");

        assertThat(fresh.serial()).isNotEqualTo(old.serial());
        assertThat(path.link()).isSameAs(fresh);
        assertThat(fresh.connection()).isNull();
        assertThat(fresh.closedReason()).isNull();
        assertThat(fresh.takeIntroductionTurn()).isTrue();
        assertThat(fresh.takeIntroductionTurn()).isFalse();
    }

    @Test
    void shouldAskMoreOftenWhileSomethingIsOnItsWay()
    {
        assertThat(path.isHeartbeatDue(START_NS)).isFalse();
        up(path, connection, START_NS, MS);
        path.delivered(Long.MAX_VALUE, START_NS);

        assertThat(path.isHeartbeatDue(START_NS)).isTrue();
        path.heartbeatSent(START_NS);
        assertThat(path.isHeartbeatDue(START_NS + 999 * MS)).isFalse();
        assertThat(path.isHeartbeatDue(START_NS + 1000 * MS)).isTrue();
        send(path, START_NS);
        assertThat(path.isHeartbeatDue(START_NS + 29 * MS)).isFalse();
        assertThat(path.isHeartbeatDue(START_NS + 30 * MS)).isTrue();
    }

    @Test
    void shouldCountWhatIsOnItsWay()
    {
        up(path, connection, START_NS, MS);

        send(path, START_NS);
        send(path, START_NS);
        path.delivered(FRAME_BYTES, START_NS + MS);
        assertThat(path.inFlightBytes()).isEqualTo(FRAME_BYTES);
        path.delivered(Long.MAX_VALUE, START_NS + 2 * MS);
        assertThat(path.inFlightBytes()).isZero();
        connection.close("gone");

        assertThat(send(path, START_NS)).isFalse();
        assertThat(path.sentBytes()).isEqualTo(2 * FRAME_BYTES);
        assertThat(path.sentFrames()).isEqualTo(2);
    }

    @Test
    void shouldDoWhatTheOperatorSaysInEveryState()
    {
        for (final PathState state : new PathState[]{PathState.DOWN, PathState.CONNECTING, PathState.UP})
        {
            final Path any = path(0);
            if (state == PathState.CONNECTING)
            {
                any.connecting(START_NS);
            }
            else if (state == PathState.UP)
            {
                up(any, connection, START_NS, MS);
            }
            any.disabled(true);

            assertThat(any.obey(START_NS)).isTrue();
            assertThat(any.obey(START_NS)).isFalse();
            assertThat(any.state()).isEqualTo(PathState.DISABLED);
            assertThat(any.link()).isNull();
            assertThat(any.isDue(START_NS + TimeUnit.DAYS.toNanos(1), true)).isFalse();
            any.disabled(false);
            assertThat(any.obey(START_NS)).isTrue();
            assertThat(any.isDue(START_NS, false)).isTrue();
        }
        assertThat(connection.closed).isEqualTo("disabled by the operator");
    }

    static Path path(final int index)
    {
        return path(new PathConfig("path" + index, null, new InetSocketAddress(1)), index);
    }

    static Path path(final PathConfig config, final int index)
    {
        return new Path(config, index, new Shaper(
            PeerLimits.NONE, List.of("a", "b", "c"), () -> 0, ZoneOffset.UTC, START_NS));
    }

    static void up(final Path path, final Connection connection, final long nowNs, final long rttNs)
    {
        path.connecting(nowNs - rttNs).opened(connection);
        path.introduced(nowNs - rttNs);
        path.welcomed(nowNs);
    }

    private void ask(final long nowNs)
    {
        path.heartbeatSent(nowNs);
        path.ask(Frames.heartbeat(1), FRAME_BYTES, nowNs);
    }

    static boolean send(final Path path, final long nowNs)
    {
        return path.send(Frames.heartbeat(1), 0, FRAME_BYTES, nowNs);
    }

    static void send(final Path path, final int bytes, final long nowNs)
    {
        path.send(ByteBuffer.allocateDirect(bytes), 0, bytes, nowNs);
    }
}
