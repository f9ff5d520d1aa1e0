package io.farblock.replication.shaping;

import static java.time.DayOfWeek.FRIDAY;
import static java.time.DayOfWeek.MONDAY;
import static java.time.DayOfWeek.SATURDAY;
import static java.time.DayOfWeek.SUNDAY;
import static java.time.DayOfWeek.WEDNESDAY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DayOfWeek;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A window as people write it becomes what they mean; anything else is named, with what was expected. */
final class RateTextTest
{
    @ParameterizedTest
    @CsvSource({
        "64kbit/s, 8000", "50Mbit/s, 6250000", "10Gbit/s, 1250000000", "100Gbit/s, 12500000000", "8kB/s, 8000",
        "5MB/s, 5000000", "unlimited, 0"})
    void shouldReadRates(final String text, final long bytesPerSecond)
    {
        final RateWindow window = RateText.parse(text);

        assertThat(window).isEqualTo(RateWindow.always(bytesPerSecond));
    }

    @Test
    void shouldReadDaysInRangesAndLists()
    {
        final RateWindow week = RateText.parse("50Mbit/s mon-wed");
        final RateWindow wrapped = RateText.parse("50Mbit/s fri-mon,wed");
        final RateWindow one = RateText.parse("50Mbit/s sun-sun");
        final RateWindow all = RateText.parse("50Mbit/s mon-sun");

        assertThat(week.days()).containsExactlyInAnyOrder(MONDAY, DayOfWeek.TUESDAY, WEDNESDAY);
        assertThat(wrapped.days()).containsExactlyInAnyOrder(FRIDAY, SATURDAY, SUNDAY, MONDAY, WEDNESDAY);
        assertThat(one.days()).containsExactly(SUNDAY);
        assertThat(all.days()).hasSize(7);
    }

    @Test
    void shouldReadSpans()
    {
        final RateWindow office = RateText.parse("  50Mbit/s \t mon-fri  08:00-20:30 ");
        final RateWindow evening = RateText.parse("50Mbit/s 18:00-24:00");
        final RateWindow night = RateText.parse("50Mbit/s sat 22:00-00:00");

        assertThat(office.fromMinute()).isEqualTo(480);
        assertThat(office.toMinute()).isEqualTo(1230);
        assertThat(evening.toMinute()).isEqualTo(1440);
        assertThat(night).isEqualTo(new RateWindow(6_250_000, Set.of(SATURDAY), 1320, 0));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        ''                                | such as 50Mbit/s, or unlimited where it says ""
        50Mb                              | such as 50Mbit/s, or unlimited where it says "50Mb"
        50 Mbit/s                         | such as 50Mbit/s, or unlimited where it says "50"
        1.5Mbit/s                         | such as 50Mbit/s, or unlimited where it says "1.5Mbit/s"
        99999999999999999999kB/s          | or unlimited where it says "99999999999999999999kB/s"
        63kbit/s                          | a rate from 64kbit/s to 100Gbit/s where it says "63kbit/s"
        999999999Gbit/s                   | a rate from 64kbit/s to 100Gbit/s where it says "999999999Gbit/s"
        5MB/s monday                      | days such as mon-fri or sat,sun where it says "monday"
        5MB/s mon,                        | days such as mon-fri or sat,sun where it says "mon,"
        5MB/s mon-wed-fri                 | days such as mon-fri or sat,sun where it says "mon-wed-fri"
        5MB/s -                           | days such as mon-fri or sat,sun where it says "-"
        5MB/s 8:00-20:00                  | such as 22:00-06:00 where it says "8:00-20:00"
        5MB/s 08:00-08:00                 | two different times from 00:00 to 24:00
        5MB/s 24:00-08:00                 | two different times from 00:00 to 24:00
        5MB/s 08:60-10:00                 | two different times from 00:00 to 24:00
        5MB/s 08:00-24:01                 | two different times from 00:00 to 24:00
        5MB/s 08:00-20:00 mon             | RATE [DAYS] [HH:MM-HH:MM] and then nothing where it says "mon"
        5MB/s mon tue                     | such as 22:00-06:00 where it says "tue"
        """)
    void shouldSayWhatWasExpectedAndFound(final String text, final String words)
    {
        assertThatThrownBy(() -> RateText.parse(text == null ? "" : text))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining(words);
    }
}
