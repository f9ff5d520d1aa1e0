package io.farblock.replication.paths;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farblock.replication.wire.Frames;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One path under a clock of the test's, and the choice between several. */
final class PathTest
{
    private static final long START_NS = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(2);
    private static final long MS = 1_000_000;

    private final Path path = path(0);
    private final FakeConnection connection = new FakeConnection();

    @ParameterizedTest
    @CsvSource({
        "DOWN, false, true, false, false", "CONNECTING, true, false, true, false", "UP, true, false, false, true",
        "SUSPECT, true, false, true, false"
    })
    void shouldAllowOnlyTheMovesThatAreDrawn(
        final PathState from, final boolean down, final boolean connecting, final boolean up, final boolean suspect)
    {
        assertThat(from.allows(PathState.DOWN)).isEqualTo(down);
        assertThat(from.allows(PathState.CONNECTING)).isEqualTo(connecting);
        assertThat(from.allows(PathState.UP)).isEqualTo(up);
        assertThat(from.allows(PathState.SUSPECT)).isEqualTo(suspect);
    }

    @Test
    void shouldRefuseAMoveThatIsNotDrawn()
    {
        assertThatThrownBy(() -> path.down("again", START_NS, 0)).isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("DOWN -> DOWN");
    }

    @Test
    void shouldTurnSuspectThenDownInSilenceAndComeBackWhenHeard()
    {
        up(path, connection, START_NS);

        path.judge(START_NS + 1500 * MS, 0);
        assertThat(path.state()).isEqualTo(PathState.UP);
        path.judge(START_NS + 1501 * MS, 0);
        assertThat(path.state()).isEqualTo(PathState.SUSPECT);
        path.heard(START_NS + 4000 * MS);
        assertThat(path.state()).isEqualTo(PathState.UP);
        path.judge(START_NS + 9001 * MS, 0);

        assertThat(path.state()).isEqualTo(PathState.DOWN);
        assertThat(path.reason()).isEqualTo("silent for 5001 ms");
        assertThat(connection.closed).isEqualTo("silent for 5001 ms");
        assertThat(path.link()).isNull();
    }

    @Test
    void shouldGiveUpAnAttemptThatIsNeverWelcomed()
    {
        path.connecting(START_NS);

        path.judge(START_NS + 5000 * MS, 0);
        assertThat(path.state()).isEqualTo(PathState.CONNECTING);
        path.judge(START_NS + 5001 * MS, 0);

        assertThat(path.state()).isEqualTo(PathState.DOWN);
    }

    @Test
    void shouldWaitTwiceAsLongAfterEachFailureUpToALimitAndStartOverOnceUp()
    {
        assertThat(path.isDue(START_NS)).isTrue();
        long now = START_NS;
        for (final int expectedMs : new int[]{100, 200, 400, 800, 1600, 2000, 2000})
        {
            path.connecting(now);
            path.down("refused", now, 7);

            assertThat(path.isDue(now + expectedMs * MS + 6)).isFalse();
            assertThat(path.isDue(now + expectedMs * MS + 7)).isTrue();
            now += expectedMs * MS + 7;
        }
        up(path, connection, now);
        path.down("lost", now, 0);

        assertThat(path.isDue(now + 100 * MS)).isTrue();
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
    void shouldSendAHeartbeatPerIntervalWhileConnected()
    {
        assertThat(path.takeHeartbeatTurn(START_NS)).isFalse();
        up(path, connection, START_NS);

        assertThat(path.takeHeartbeatTurn(START_NS)).isTrue();
        assertThat(path.takeHeartbeatTurn(START_NS + 199 * MS)).isFalse();
        assertThat(path.takeHeartbeatTurn(START_NS + 200 * MS)).isTrue();
    }

    @Test
    void shouldCountWhatIsOnItsWay()
    {
        up(path, connection, START_NS);
        final ByteBuffer frame = Frames.heartbeat(1);

        path.send(frame, 0, 24);
        path.send(frame, 0, 24);
        path.delivered(24, START_NS + MS);
        assertThat(path.inFlightBytes()).isEqualTo(24);
        path.delivered(Long.MAX_VALUE, START_NS + 2 * MS);
        assertThat(path.inFlightBytes()).isZero();
        connection.close("gone");

        assertThat(path.send(frame, 0, 24)).isFalse();
        assertThat(path.sentBytes()).isEqualTo(48);
    }

    @Test
    void shouldChooseThePathThatDeliversFirstAndNoneThatCannot()
    {
        final Path fast = path(0);
        final Path slow = path(1);
        final Path down = path(2);
        final FakeConnection fastConnection = new FakeConnection();
        final Scheduler scheduler = new Scheduler(List.of(down, slow, fast));
        assertThat(scheduler.choose(1000)).isNull();
        up(fast, fastConnection, START_NS);
        up(slow, new FakeConnection(), START_NS);
        fast.roundTrip(MS);
        slow.roundTrip(50 * MS);

        assertThat(scheduler.choose(1000)).isSameAs(fast);
        // 10 MB take 100 ms at the rate that is assumed of an unmeasured path.
        fast.send(ByteBuffer.allocateDirect(10_000_000), 0, 10_000_000);
        assertThat(scheduler.choose(1000)).isSameAs(slow);
        fast.delivered(10_000_000, START_NS + MS);
        assertThat(scheduler.choose(1000)).isSameAs(fast);
        fastConnection.writable = false;
        assertThat(scheduler.choose(1000)).isSameAs(slow);
        fastConnection.writable = true;
        fast.judge(START_NS + 3000 * MS, 0);
        assertThat(fast.state()).isEqualTo(PathState.SUSPECT);
        assertThat(scheduler.choose(1000)).isSameAs(slow);
    }

    private static Path path(final int index)
    {
        return new Path(new PathConfig("path" + index, null, new InetSocketAddress(1)), index);
    }

    private static void up(final Path path, final Connection connection, final long nowNs)
    {
        path.connecting(nowNs).opened(connection);
        path.welcomed(nowNs);
    }
}
