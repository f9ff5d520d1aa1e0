package io.farblock.replication.paths;

import static io.farblock.replication.paths.PathTest.MS;
import static io.farblock.replication.paths.PathTest.START_NS;
import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.replication.shaping.PeerLimits;
import io.farblock.replication.shaping.RateSchedule;
import io.farblock.replication.shaping.RateWindow;
import io.farblock.replication.shaping.Shaper;
import java.net.InetSocketAddress;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The choice between several paths. */
final class SchedulerTest
{
    private static final long WINDOW_BYTES = 32 << 20;

    private final FakeConnection connection = new FakeConnection();

    @Test
    void shouldChooseThePathThatDeliversFirstAndNoneThatCannot()
    {
        final Path fast = PathTest.path(0);
        final Path slow = PathTest.path(1);
        final Path down = PathTest.path(2);
        final Scheduler scheduler = new Scheduler(List.of(down, slow, fast), PathMode.STRIPE, WINDOW_BYTES);
        assertThat(scheduler.choose(1000, START_NS)).isNull();
        PathTest.up(fast, connection, START_NS, 2 * MS);
        PathTest.up(slow, new FakeConnection(), START_NS, 5 * MS);

        assertThat(scheduler.choose(1000, START_NS)).isSameAs(fast);
        // 200 kB take 2 ms at the rate that is assumed of an unmeasured path.
        PathTest.send(fast, 200_000, START_NS);
        assertThat(scheduler.choose(1000, START_NS)).isSameAs(slow);
        fast.delivered(200_000, START_NS + MS);
        assertThat(scheduler.choose(1000, START_NS)).isSameAs(fast);
        connection.writable = false;
        assertThat(scheduler.choose(1000, START_NS)).isSameAs(slow);
        connection.writable = true;
        fast.heartbeatSent(START_NS);
        fast.judge(START_NS + 3000 * MS, PathTest.NO_JITTER);
        assertThat(fast.state()).isEqualTo(PathState.SUSPECT);
        assertThat(scheduler.choose(1000, START_NS)).isSameAs(slow);
    }

    @Test
    void shouldWaitForAFullWindowOfAnUnmeasuredPath()
    {
        final Path only = PathTest.path(0);
        final Scheduler scheduler = new Scheduler(List.of(only), PathMode.STRIPE, WINDOW_BYTES);
        PathTest.up(only, connection, START_NS, 2 * MS);

        PathTest.send(only, (int)Delivery.FIRST_WINDOW_BYTES - 1, START_NS);
        assertThat(scheduler.choose(1000, START_NS)).isSameAs(only);
        PathTest.send(only, 1, START_NS);
        assertThat(scheduler.choose(1000, START_NS)).isNull();
        only.delivered(1, START_NS + MS);

        assertThat(scheduler.choose(1000, START_NS)).isSameAs(only);
    }

    @Test
    void shouldRatherWaitThanHaveASlowLineHoldUpAFastOne()
    {
        final Path fast = PathTest.path(0);
        final Path slow = PathTest.path(1);
        final Scheduler scheduler = new Scheduler(List.of(fast, slow), PathMode.STRIPE, WINDOW_BYTES);
        PathTest.up(fast, connection, START_NS, 2 * MS);
        PathTest.up(slow, new FakeConnection(), START_NS, 2 * MS);
        measure(fast, 65_536, 10 * MS);
        measure(slow, 20_000, 2000 * MS);
        connection.writable = false;

        // At 6.5 MB a second the window is 2.5 s behind its middle; 10 kB a second take 6.5 s for a block.
        assertThat(scheduler.choose(65_536, START_NS)).isNull();
        assertThat(scheduler.choose(8_192, START_NS)).isSameAs(slow);
        fast.down("cut", START_NS, 0);
        assertThat(scheduler.choose(65_536, START_NS)).isSameAs(slow);
    }

    /** Frames that arrive one after the other, each so much later. */
    private static void measure(final Path path, final int frameBytes, final long frameNs)
    {
        for (int i = 1; i <= 20; i++)
        {
            PathTest.send(path, frameBytes, START_NS);
        }
        for (int i = 1; i <= 20; i++)
        {
            path.delivered(i * frameBytes, START_NS + i * frameNs);
        }
        assertThat(path.deliveryBytesPerSecond())
            .isBetween((long)(0.9e9 * frameBytes / frameNs), (long)(1.3e9 * frameBytes / frameNs));
    }

    @Test
    void shouldUseASuspectPathWhenThereIsNoOther()
    {
        final Path only = PathTest.path(0);
        final Scheduler scheduler = new Scheduler(List.of(only), PathMode.STRIPE, WINDOW_BYTES);
        PathTest.up(only, connection, START_NS, 2 * MS);
        assertThat(scheduler.isAnyUp()).isTrue();

        only.heartbeatSent(START_NS);
        only.judge(START_NS + 3000 * MS, PathTest.NO_JITTER);

        assertThat(scheduler.isAnyUp()).isFalse();
        assertThat(scheduler.choose(1000, START_NS)).isSameAs(only);
    }

    @Test
    void shouldKeepDearPathsForWhenTheCheapOnesAreDownAndMeteredOnesForTheVeryLast()
    {
        final Path leased = path(0, 0, false);
        final Path cable = path(1, 10, false);
        final Path modem = path(2, 0, true);
        final Scheduler standby = new Scheduler(List.of(modem, cable, leased), PathMode.STANDBY, WINDOW_BYTES);
        final Scheduler stripe = new Scheduler(List.of(modem, cable, leased), PathMode.STRIPE, WINDOW_BYTES);
        PathTest.up(leased, connection, START_NS, 80 * MS);
        PathTest.up(cable, new FakeConnection(), START_NS, 20 * MS);
        PathTest.up(modem, new FakeConnection(), START_NS, MS);

        assertThat(standby.choose(1000, START_NS)).isSameAs(leased);
        assertThat(stripe.choose(1000, START_NS)).isSameAs(cable);
        connection.writable = false;
        assertThat(standby.choose(1000, START_NS)).as("full is not down").isNull();
        leased.down("cut", START_NS, 0);
        assertThat(standby.choose(1000, START_NS)).isSameAs(cable);
        cable.down("cut", START_NS, 0);

        assertThat(standby.choose(1000, START_NS)).isSameAs(modem);
        assertThat(stripe.choose(1000, START_NS)).isSameAs(modem);
        assertThat(standby.takesCopies(modem, START_NS)).isFalse();
    }

    @Test
    void shouldBeAnsweredOnTheFastestAndNotMoveForALittle()
    {
        final Path near = PathTest.path(0);
        final Path far = PathTest.path(1);
        final Scheduler scheduler = new Scheduler(List.of(far, near), PathMode.STRIPE, WINDOW_BYTES);
        assertThat(scheduler.fastest(null)).isNull();
        PathTest.up(far, new FakeConnection(), START_NS, 12 * MS);

        assertThat(scheduler.fastest(null)).isSameAs(far);
        PathTest.up(near, connection, START_NS, 10 * MS);
        assertThat(scheduler.fastest(far)).isSameAs(far);
        assertThat(scheduler.fastest(null)).isSameAs(far);
        near.down("cut", START_NS, 0);
        PathTest.up(near, connection, START_NS, 5 * MS);
        assertThat(scheduler.fastest(far)).isSameAs(near);
        near.down("cut", START_NS, 0);

        assertThat(scheduler.fastest(near)).isSameAs(far);
    }

    @Test
    void shouldHoldAllPathsTogetherToTheLimitOfThePeerWithWhatComesBack()
    {
        final Shaper shaper = new Shaper(
            new PeerLimits(new RateSchedule(List.of(RateWindow.always(1_000_000))), Map.of()), List.of("a", "b"),
            () -> 0, ZoneOffset.UTC, START_NS);
        final List<Path> paths = List.of(
            new Path(new PathConfig("a", null, new InetSocketAddress(1)), 0, shaper),
            new Path(new PathConfig("b", null, new InetSocketAddress(1)), 1, shaper));
        final Scheduler scheduler = new Scheduler(paths, PathMode.STRIPE, WINDOW_BYTES);
        paths.forEach(path -> PathTest.up(path, connection, START_NS, MS));
        long answered = 0;

        for (int ms = 1; ms <= 2000; ms++)
        {
            final long now = START_NS + ms * MS;
            Path path = scheduler.choose(10_000, now);
            while (path != null)
            {
                PathTest.send(path, 10_000, now);
                path.heard(2_500, now);
                answered += 2_500;
                path.delivered(Long.MAX_VALUE, now);
                path = scheduler.choose(10_000, now);
            }
        }

        // 1 MB a second, and 25 ms of it at once.
        assertThat(paths.stream().mapToLong(Path::sentBytes).sum() + answered).isBetween(1_950_000L, 2_040_000L);
    }

    private static Path path(final int index, final int cost, final boolean metered)
    {
        return PathTest.path(
            new PathConfig("path" + index, null, new InetSocketAddress(1), cost, metered), index);
    }
}
