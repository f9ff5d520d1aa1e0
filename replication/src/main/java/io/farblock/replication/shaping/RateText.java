package io.farblock.replication.shaping;

import java.time.DayOfWeek;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Windows as people write them: {@code 50Mbit/s mon-fri 08:00-20:00}. Stateless; what cannot be read is refused with
 * words for what was expected and what stands there instead.
 */
public final class RateText
{
    /** Nine digits: what they make of the largest unit fits a long. */
    private static final Pattern RATE = Pattern.compile("(\\d{1,9})(kbit|Mbit|Gbit|kB|MB)/s");
    private static final Pattern SPAN = Pattern.compile("(\\d\\d):(\\d\\d)-(\\d\\d):(\\d\\d)");
    private static final List<String> DAYS = List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");
    /** 64 kbit/s: slower, a block of 1 MiB would be on its way longer than two minutes. */
    private static final long LEAST_BYTES_PER_SECOND = 8_000;

    private RateText()
    {
    }

    /** @throws IllegalArgumentException with the words for what was expected. */
    public static RateWindow parse(final String text)
    {
        final String[] words = text.strip().split("\\s+");
        final long rate = rate(words[0]);
        int next = 1;
        Set<DayOfWeek> days = EnumSet.allOf(DayOfWeek.class);
        if (next < words.length && !Character.isDigit(words[next].charAt(0)))
        {
            days = days(words[next++]);
        }
        int[] span = {0, RateWindow.DAY_MINUTES};
        if (next < words.length)
        {
            span = span(words[next++]);
        }
        if (next < words.length)
        {
            throw expected("RATE [DAYS] [HH:MM-HH:MM] and then nothing", words[next]);
        }
        return new RateWindow(rate, days, span[0], span[1]);
    }

    private static long rate(final String word)
    {
        if ("unlimited".equals(word))
        {
            return RateWindow.UNLIMITED;
        }
        final Matcher matcher = RATE.matcher(word);
        if (!matcher.matches())
        {
            throw expected("a rate in whole kbit/s, Mbit/s, Gbit/s, kB/s or MB/s such as 50Mbit/s, or unlimited", word);
        }
        final long unit = switch (matcher.group(2))
        {
            case "kbit" -> 125;
            case "Mbit" -> 125_000;
            case "Gbit" -> 125_000_000;
            case "kB" -> 1_000;
            default -> 1_000_000;
        };
        final long bytesPerSecond = Long.parseLong(matcher.group(1)) * unit;
        if (bytesPerSecond < LEAST_BYTES_PER_SECOND || bytesPerSecond > TokenBucket.MOST_BYTES_PER_SECOND)
        {
            throw expected("a rate from 64kbit/s to 100Gbit/s", word);
        }
        return bytesPerSecond;
    }

    private static Set<DayOfWeek> days(final String word)
    {
        final Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
        for (final String item : word.split(",", -1))
        {
            final int dash = item.indexOf('-');
            DayOfWeek day = day(dash < 0 ? item : item.substring(0, dash), word);
            final DayOfWeek last = day(item.substring(dash + 1), word);
            days.add(day);
            while (day != last)
            {
                day = day.plus(1);
                days.add(day);
            }
        }
        return days;
    }

    private static DayOfWeek day(final String name, final String word)
    {
        final int index = DAYS.indexOf(name);
        if (index < 0)
        {
            throw expected("days such as mon-fri or sat,sun", word);
        }
        return DayOfWeek.of(index + 1);
    }

    private static int[] span(final String word)
    {
        final Matcher matcher = SPAN.matcher(word);
        if (matcher.matches())
        {
            final int from = minute(matcher.group(1), matcher.group(2));
            final int to = minute(matcher.group(3), matcher.group(4));
            if (from >= 0 && from < RateWindow.DAY_MINUTES && to >= 0 && from != to)
            {
                return new int[] {from, to};
            }
        }
        throw expected("two different times from 00:00 to 24:00, such as 22:00-06:00", word);
    }

    /** Of the day, to 24:00; -1 when there is none such. */
    private static int minute(final String hours, final String minutes)
    {
        final int minute = Integer.parseInt(hours) * 60 + Integer.parseInt(minutes);
        return Integer.parseInt(minutes) < 60 && minute <= RateWindow.DAY_MINUTES ? minute : -1;
    }

    private static IllegalArgumentException expected(final String what, final String found)
    {
        return new IllegalArgumentException(what + " where it says \"" + found + '"');
    }
}
