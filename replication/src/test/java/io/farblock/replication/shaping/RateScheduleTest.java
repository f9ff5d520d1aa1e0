package io.farblock.replication.shaping;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The first window that covers a moment says the rate, and how long it says so is exact, also across clock changes. */
final class RateScheduleTest
{
    private static final ZoneId VIENNA = ZoneId.of("Europe/Vienna");
    private static final String[] ZONES =
        {"Europe/Vienna", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kathmandu", "Z"};

    @Test
    void shouldTakeTheFirstWindowThatCovers()
    {
        final RateSchedule schedule = schedule("50Mbit/s mon-fri 08:00-20:00", "unlimited sat,sun", "10Mbit/s");

        assertThat(schedule.bytesPerSecondAt(vienna("2026-11-20T08:00"))).isEqualTo(6_250_000);
        assertThat(schedule.bytesPerSecondAt(vienna("2026-11-20T19:59:59.999"))).isEqualTo(6_250_000);
        assertThat(schedule.bytesPerSecondAt(vienna("2026-11-20T20:00"))).isEqualTo(1_250_000);
        assertThat(schedule.bytesPerSecondAt(vienna("2026-11-21T10:00"))).isZero();
        assertThat(schedule.heldUntil(vienna("2026-11-20T20:00"))).isEqualTo(vienna("2026-11-21T00:00"));
        assertThat(schedule.heldUntil(vienna("2026-11-21T10:00"))).isEqualTo(vienna("2026-11-23T00:00"));
    }

    @Test
    void shouldNotLimitWhereNothingIsSaid()
    {
        final RateSchedule schedule = schedule("10Mbit/s 08:00-20:00");

        assertThat(schedule.bytesPerSecondAt(vienna("2026-11-20T07:59"))).isZero();
        assertThat(RateSchedule.UNLIMITED.bytesPerSecondAt(vienna("2026-11-20T07:59"))).isZero();
        assertThat(RateSchedule.UNLIMITED.heldUntil(vienna("2026-11-20T07:59"))).isAfter(vienna("2026-11-28T00:00"));
    }

    @Test
    void shouldGiveASpanAcrossMidnightToTheDayThatItBeginsOn()
    {
        final RateSchedule schedule = schedule("10Mbit/s fri 22:00-06:00");

        assertThat(schedule.bytesPerSecondAt(vienna("2026-11-20T03:00"))).isZero();
        assertThat(schedule.bytesPerSecondAt(vienna("2026-11-20T22:00"))).isEqualTo(1_250_000);
        assertThat(schedule.bytesPerSecondAt(vienna("2026-11-21T05:59"))).isEqualTo(1_250_000);
        assertThat(schedule.bytesPerSecondAt(vienna("2026-11-21T06:00"))).isZero();
        assertThat(schedule.heldUntil(vienna("2026-11-20T22:30"))).isEqualTo(vienna("2026-11-21T06:00"));
    }

    @Test
    void shouldFollowTheClockWhenItIsPutForwardOrBack()
    {
        final RateSchedule schedule = schedule("10Mbit/s 01:00-02:30");
        final ZonedDateTime spring = vienna("2026-03-29T01:30");
        final ZonedDateTime autumn = vienna("2026-10-25T01:30");

        assertThat(schedule.heldUntil(spring)).isEqualTo(vienna("2026-03-29T03:00"));
        assertThat(schedule.heldUntil(autumn).toOffsetDateTime())
            .isEqualTo(LocalDateTime.parse("2026-10-25T02:30").atOffset(ZoneOffset.ofHours(2)));
        final ZonedDateTime repeated = autumn.plusMinutes(90);
        assertThat(schedule.bytesPerSecondAt(repeated)).isEqualTo(1_250_000);
        assertThat(schedule.heldUntil(repeated).toOffsetDateTime())
            .isEqualTo(LocalDateTime.parse("2026-10-25T02:30").atOffset(ZoneOffset.ofHours(1)));
    }

    @Test
    void shouldHoldExactlyAsLongAsEachMinuteSays()
    {
        final long seed = 20261121;
        final Random random = new Random(seed);

        for (int round = 0; round < 60; round++)
        {
            final RateSchedule schedule = random(random);
            final ZoneId zone = ZoneId.of(ZONES[random.nextInt(ZONES.length)]);
            final ZonedDateTime start = ZonedDateTime.of(2026, 1 + random.nextInt(12), 1 + random.nextInt(28),
                random.nextInt(24), random.nextInt(60), random.nextInt(60), random.nextInt(1_000_000_000), zone);
            final ZonedDateTime until = schedule.heldUntil(start);
            final long rate = schedule.bytesPerSecondAt(start);
            ZonedDateTime minute = start;
            while (minute.isBefore(until))
            {
                assertThat(schedule.bytesPerSecondAt(minute)).as("seed %d, %s at %s", seed, schedule, minute)
                    .isEqualTo(rate);
                minute = minute.plusSeconds(60 - minute.getSecond()).withNano(0);
            }
            assertThat(minute.toInstant()).isEqualTo(until.toInstant());
            assertThat(schedule.bytesPerSecondAt(until) != rate || !until.isBefore(start.plusHours(8 * 24)))
                .as("seed %d, %s from %s to %s", seed, schedule, start, until).isTrue();
        }
    }

    @Test
    void shouldNameAWindowThatNeverApplies()
    {
        assertThat(schedule("10Mbit/s mon-fri", "5MB/s", "1MB/s sun").uselessWindow()).isEqualTo(2);
        assertThat(schedule("10Mbit/s 20:00-04:00", "1MB/s sat 21:00-03:00").uselessWindow()).isEqualTo(1);
        assertThat(schedule("10Mbit/s sat 20:00-04:00", "1MB/s sun 03:00-05:00").uselessWindow()).isEqualTo(-1);
    }

    private static RateSchedule random(final Random random)
    {
        final List<String> texts = new ArrayList<>();
        for (int i = 1 + random.nextInt(4); i > 0; i--)
        {
            final int from = random.nextInt(24 * 60);
            final int to = (from + 1 + random.nextInt(24 * 60 - 1)) % (24 * 60);
            texts.add((1 + random.nextInt(3)) + "MB/s " + (random.nextBoolean() ? "thu-tue " : "") +
                String.format("%02d:%02d-%02d:%02d", from / 60, from % 60, to / 60, to % 60));
        }
        return schedule(texts.toArray(String[]::new));
    }

    private static RateSchedule schedule(final String... texts)
    {
        return new RateSchedule(Stream.of(texts).map(RateText::parse).toList());
    }

    private static ZonedDateTime vienna(final String local)
    {
        return LocalDateTime.parse(local).atZone(VIENNA);
    }
}
