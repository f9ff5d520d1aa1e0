package io.farblock.replication.shaping;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A frame passes when its path and its peer admit it; the calendar and whoever replaces it are followed. */
final class ShaperTest
{
    private static final ZoneId VIENNA = ZoneId.of("Europe/Vienna");
    private static final List<String> PATHS = List.of("fibre", "dsl");
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);
    private static final int MEGABYTE = 1_000_000;

    private long wallMs = LocalDateTime.parse("2026-11-20T19:59:58").atZone(VIENNA).toInstant().toEpochMilli();
    private int looks;

    @Test
    void shouldHoldEachPathToItsOwnLimit()
    {
        final Shaper shaper = shaper(new PeerLimits(RateSchedule.UNLIMITED, Map.of("dsl", schedule("1MB/s"))));

        shaper.spend(0, MEGABYTE, 0);
        shaper.spend(1, MEGABYTE, 0);

        assertThat(shaper.admits(0, 0)).isTrue();
        assertThat(shaper.admits(1, 0)).isFalse();
        assertThat(shaper.nextAdmitNs(0)).isZero();
        assertThat(shaper.bytesPerSecond(0)).isZero();
        assertThat(shaper.bytesPerSecond(1)).isEqualTo(MEGABYTE);
    }

    @Test
    void shouldHoldAllPathsTogetherToThePeersLimit()
    {
        final Shaper shaper = shaper(new PeerLimits(schedule("2MB/s"),
            Map.of("fibre", schedule("1MB/s"), "dsl", schedule("5MB/s"))));

        shaper.spend(0, 2 * MEGABYTE, 0);

        assertThat(shaper.admits(1, 0)).isFalse();
        assertThat(shaper.nextAdmitNs(0)).isEqualTo(975_000_000);
        assertThat(shaper.admits(0, 975_000_000)).isFalse();
        assertThat(shaper.admits(1, 975_000_000)).isTrue();
        assertThat(shaper.bytesPerSecond(0)).isEqualTo(MEGABYTE);
        assertThat(shaper.bytesPerSecond(1)).isEqualTo(2 * MEGABYTE);
    }

    @Test
    void shouldFollowTheCalendarAndAClockThatIsPutBack()
    {
        final Shaper shaper = shaper(new PeerLimits(schedule("1MB/s mon-fri 08:00-20:00", "3MB/s"), Map.of()));

        final long before = rateAfter(shaper, 1, 1000);
        final long after = rateAfter(shaper, 2, 1000);
        final long putBack = rateAfter(shaper, 3, -TimeUnit.HOURS.toMillis(1));

        assertThat(before).isEqualTo(MEGABYTE);
        assertThat(after).isEqualTo(3 * MEGABYTE);
        assertThat(putBack).isEqualTo(MEGABYTE);
    }

    @Test
    void shouldTakeNewLimitsWithinASecondAndKeepTheDebt()
    {
        final Shaper shaper = shaper(new PeerLimits(schedule("1MB/s"), Map.of()));
        shaper.spend(0, 10 * MEGABYTE, 0);

        shaper.replace(new PeerLimits(schedule("2MB/s"), Map.of("gone", schedule("1MB/s"))));

        assertThat(shaper.nextAdmitNs(SECOND_NS)).isEqualTo(SECOND_NS + 4_475_000_000L);
        assertThat(shaper.bytesPerSecond(1)).isEqualTo(2 * MEGABYTE);
    }

    @Test
    void shouldLookAtTheClockOnceASecondAndAllocateNothing()
    {
        final Shaper shaper = shaper(new PeerLimits(schedule("5MB/s", "1MB/s sat"), Map.of("dsl", schedule("3MB/s"))));
        spendFor(shaper, 0, 20);
        looks = 0;

        final long before = allocatedBytes();
        spendFor(shaper, 20, 40);
        final long after = allocatedBytes();

        assertThat(looks).isEqualTo(20);
        assertThat(after - before).isLessThan(4096);
    }

    private static void spendFor(final Shaper shaper, final int fromSecond, final int toSecond)
    {
        for (long nowNs = fromSecond * SECOND_NS; nowNs < toSecond * SECOND_NS; nowNs += 100_000)
        {
            if (shaper.admits(1, nowNs))
            {
                shaper.spend(1, 65_536, nowNs);
            }
        }
    }

    private static long allocatedBytes()
    {
        return ((com.sun.management.ThreadMXBean)ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    private long rateAfter(final Shaper shaper, final int second, final long passedMs)
    {
        wallMs += passedMs;
        shaper.admits(0, second * SECOND_NS);
        return shaper.bytesPerSecond(0);
    }

    private Shaper shaper(final PeerLimits limits)
    {
        return new Shaper(limits, PATHS, this::time, VIENNA, 0);
    }

    private long time()
    {
        looks++;
        return wallMs;
    }

    private static RateSchedule schedule(final String... texts)
    {
        return new RateSchedule(Stream.of(texts).map(RateText::parse).toList());
    }
}
