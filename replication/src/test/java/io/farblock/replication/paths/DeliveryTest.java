package io.farblock.replication.paths;

import static io.farblock.replication.paths.PathTest.MS;
import static io.farblock.replication.paths.PathTest.START_NS;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A sender with enough to send, over a line of a rate and a delay, stepped in steps of a millisecond. */
final class DeliveryTest
{
    private static final int FRAME_BYTES = 16_384;
    private int frameBytes = FRAME_BYTES;
    private final RoundTrips trips = new RoundTrips();
    private final Delivery delivery = new Delivery();
    private long nowNs = START_NS;
    private double lineBytes;
    private double arrivedBytes;
    private final double[] reports = new double[2000];
    private int step;

    @ParameterizedTest
    @CsvSource({"1000000, 5", "12500000, 5", "6250000, 80", "125000000, 80", "125000, 20", "12500000, 600"})
    void shouldFillALineAndNotMuchMore(final long bytesPerSecond, final int rttMs)
    {
        connect(rttMs);

        run(12_000, bytesPerSecond, rttMs);
        final double before = arrivedBytes;
        run(4_000, bytesPerSecond, rttMs);

        assertThat((arrivedBytes - before) / 4).isGreaterThan(0.97 * bytesPerSecond);
        assertThat(delivery.bytesPerSecond()).isBetween(
            (long)(0.95 * bytesPerSecond) - FRAME_BYTES, (long)(1.25 * bytesPerSecond) + 20 * FRAME_BYTES);
        // What waits in front of the line: a quarter of a round trip and 40 ms, if the rate is right.
        assertThat(lineBytes).isLessThan(
            bytesPerSecond * (1.9 * rttMs + 70) / 1000 + 3 * Delivery.FIRST_WINDOW_BYTES);
    }

    @ParameterizedTest
    @CsvSource({"409000, 40", "327000, 80", "218000, 150", "68000, 600", "80000, 40"})
    void shouldFillALineOnWhichAFrameTakesLongerThanARoundTrip(final long bytesPerSecond, final int rttMs)
    {
        frameBytes = 65_500;
        connect(rttMs);

        run(20_000, bytesPerSecond, rttMs);
        final double before = arrivedBytes;
        run(20_000, bytesPerSecond, rttMs);

        assertThat((arrivedBytes - before) / 20).isGreaterThan(0.96 * bytesPerSecond);
        assertThat(lineBytes).isLessThan(4 * frameBytes);
    }

    /** A full line's round trips are its own window: believed, they would make the next window larger. */
    @ParameterizedTest
    @CsvSource({"6550000, 20", "12500000, 5", "1000000, 40", "80000, 40", "220000, 150"})
    void shouldNotTakeItsOwnQueueForALongerRoute(final long bytesPerSecond, final int rttMs)
    {
        frameBytes = 65_500;
        connect(rttMs);

        run(180_000, bytesPerSecond, rttMs);

        assertThat(trips.floorNs()).isLessThan(2 * rttMs * MS);
    }

    @Test
    void shouldFollowALineThatBecomesSlowerAndFasterAgain()
    {
        connect(20);

        run(4_000, 12_500_000, 20);
        run(6_000, 1_250_000, 20);
        assertThat(delivery.bytesPerSecond()).isBetween(1_200_000L, 2_000_000L);
        run(6_000, 12_500_000, 20);

        assertThat(delivery.bytesPerSecond()).isBetween(12_000_000L, 16_000_000L);
    }

    @Test
    void shouldNotTakeTooLittleToSendForASlowLine()
    {
        connect(20);
        run(4_000, 12_500_000, 20);

        for (int i = 0; i < 200; i++)
        {
            delivery.sent(FRAME_BYTES, true, nowNs);
            nowNs += 100 * MS;
            delivery.received((long)(arrivedBytes + lineBytes) + (i + 1) * FRAME_BYTES, trips, nowNs);
        }

        assertThat(delivery.bytesPerSecond()).isGreaterThan(11_000_000);
    }

    @Test
    void shouldCallOnlyAnUnusualGapAStall()
    {
        connect(20);
        for (int i = 0; i < 100; i++)
        {
            delivery.sent(FRAME_BYTES, true, nowNs);
        }

        assertThat(delivery.stalledNs()).isZero();
        for (int i = 1; i <= 40; i++)
        {
            nowNs += (i % 2 == 0 ? 50 : 150) * MS;
            delivery.received(i * FRAME_BYTES, trips, nowNs);
        }

        // Gaps of 100 ms that vary by 50, and 100 ms for what is not the line's fault.
        assertThat(delivery.stallLimitNs(trips)).isBetween(330 * MS, 450 * MS);
        delivery.received(40 * FRAME_BYTES, trips, nowNs + 500 * MS);
        assertThat(delivery.stalledNs()).isGreaterThan(delivery.stallLimitNs(trips));
        delivery.received(Long.MAX_VALUE, trips, nowNs + 600 * MS);
        assertThat(delivery.stalledNs()).isZero();
    }

    @Test
    void shouldBelieveALongerRouteWhenItsOwnQueueCannotExplainIt()
    {
        connect(5);

        for (int i = 0; i < 30; i++)
        {
            nowNs += 500 * MS;
            trips.sample(50 * MS, 0, nowNs);
        }
        assertThat(trips.floorNs()).as("5 ms and its own queue").isEqualTo(5 * MS);
        for (int i = 0; i < 60; i++)
        {
            nowNs += 500 * MS;
            trips.sample(300 * MS, 0, nowNs);
        }
        assertThat(trips.floorNs()).isEqualTo(300 * MS);
        trips.sample(40 * MS, 0, nowNs);

        assertThat(trips.floorNs()).isEqualTo(40 * MS);
    }

    private void connect(final int rttMs)
    {
        trips.connected(nowNs);
        trips.sample(rttMs * MS, 0, nowNs);
        delivery.connected(nowNs);
    }

    /** Reports come back after the round trip; round trips are what the heartbeats in the queue see. */
    private void run(final int steps, final long bytesPerSecond, final int rttMs)
    {
        for (int i = 0; i < steps; i++)
        {
            while (delivery.hasRoom(trips))
            {
                delivery.sent(frameBytes, true, nowNs);
                lineBytes += frameBytes;
            }
            delivery.full();
            final double carried = Math.min(lineBytes, bytesPerSecond / 1000.0);
            lineBytes -= carried;
            arrivedBytes += carried;
            reports[step % reports.length] = arrivedBytes;
            nowNs += MS;
            if (step >= rttMs)
            {
                delivery.received((long)reports[(step - rttMs) % reports.length], trips, nowNs);
            }
            if (step % 50 == 0)
            {
                trips.sample((long)(rttMs * MS + lineBytes / bytesPerSecond * 1e9), delivery.frameNs(), nowNs);
            }
            step++;
        }
    }
}
