package io.farblock.replication.paths;

import static io.farblock.replication.paths.PathTest.MS;
import static io.farblock.replication.paths.PathTest.START_NS;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The choice between several paths. */
final class SchedulerTest
{
    private final FakeConnection connection = new FakeConnection();

    @Test
    void shouldChooseThePathThatDeliversFirstAndNoneThatCannot()
    {
        final Path fast = PathTest.path(0);
        final Path slow = PathTest.path(1);
        final Path down = PathTest.path(2);
        final Scheduler scheduler = new Scheduler(List.of(down, slow, fast), PathMode.STRIPE);
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
        fast.judge(START_NS + 3000 * MS, 0);
        assertThat(fast.state()).isEqualTo(PathState.SUSPECT);
        assertThat(scheduler.choose(1000, START_NS)).isSameAs(slow);
    }

    @Test
    void shouldWaitForAFullWindowOfAnUnmeasuredPath()
    {
        final Path only = PathTest.path(0);
        final Scheduler scheduler = new Scheduler(List.of(only), PathMode.STRIPE);
        PathTest.up(only, connection, START_NS, 2 * MS);

        PathTest.send(only, (int)Delivery.FIRST_WINDOW_BYTES - 1, START_NS);
        assertThat(scheduler.choose(1000, START_NS)).isSameAs(only);
        PathTest.send(only, 1, START_NS);
        assertThat(scheduler.choose(1000, START_NS)).isNull();
        only.delivered(1, START_NS + MS);

        assertThat(scheduler.choose(1000, START_NS)).isSameAs(only);
    }

    @Test
    void shouldUseASuspectPathWhenThereIsNoOther()
    {
        final Path only = PathTest.path(0);
        final Scheduler scheduler = new Scheduler(List.of(only), PathMode.STRIPE);
        PathTest.up(only, connection, START_NS, 2 * MS);
        assertThat(scheduler.isAnyUp()).isTrue();

        only.heartbeatSent(START_NS);
        only.judge(START_NS + 3000 * MS, 0);

        assertThat(scheduler.isAnyUp()).isFalse();
        assertThat(scheduler.choose(1000, START_NS)).isSameAs(only);
    }

    @Test
    void shouldKeepDearPathsForWhenTheCheapOnesAreDownAndMeteredOnesForTheVeryLast()
    {
        final Path leased = path(0, 0, false);
        final Path cable = path(1, 10, false);
        final Path modem = path(2, 0, true);
        final Scheduler standby = new Scheduler(List.of(modem, cable, leased), PathMode.STANDBY);
        final Scheduler stripe = new Scheduler(List.of(modem, cable, leased), PathMode.STRIPE);
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
        final Scheduler scheduler = new Scheduler(List.of(far, near), PathMode.STRIPE);
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

    private static Path path(final int index, final int cost, final boolean metered)
    {
        return new Path(new PathConfig("path" + index, null, new InetSocketAddress(1), cost, metered), index);
    }
}
