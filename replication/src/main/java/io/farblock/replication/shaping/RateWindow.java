package io.farblock.replication.shaping;

import java.time.DayOfWeek;
import java.util.EnumSet;
import java.util.Set;

/**
 * A rate and when it applies, by the clock on the wall. A span that crosses midnight belongs to the day that it begins
 * on. Immutable; {@link RateText} reads it.
 *
 * @param bytesPerSecond {@link #UNLIMITED}, or the rate.
 * @param days           on which its span begins; at least one.
 * @param fromMinute     of the day, inclusive, 0 to 1439.
 * @param toMinute       exclusive, 0 to 1440; before {@code fromMinute} when the span crosses midnight, never equal.
 */
public record RateWindow(long bytesPerSecond, Set<DayOfWeek> days, int fromMinute, int toMinute)
{
    /** The rate that is none. */
    public static final long UNLIMITED = 0;
    static final int DAY_MINUTES = 24 * 60;

    /** @throws IllegalArgumentException when it could never apply, or no bucket could keep it. */
    public RateWindow
    {
        days = Set.copyOf(days);
        if (days.isEmpty() || fromMinute < 0 || fromMinute >= DAY_MINUTES || toMinute < 0 || toMinute > DAY_MINUTES ||
            fromMinute == toMinute || bytesPerSecond < 0 || bytesPerSecond > TokenBucket.MOST_BYTES_PER_SECOND)
        {
            throw new IllegalArgumentException("a window of " + bytesPerSecond + " bytes a second on " + days +
                " from minute " + fromMinute + " to " + toMinute);
        }
    }

    /** A rate that applies always. */
    public static RateWindow always(final long bytesPerSecond)
    {
        return new RateWindow(bytesPerSecond, EnumSet.allOf(DayOfWeek.class), 0, DAY_MINUTES);
    }

    boolean covers(final DayOfWeek day, final int minute)
    {
        return fromMinute < toMinute
            ? days.contains(day) && minute >= fromMinute && minute < toMinute
            : days.contains(day) && minute >= fromMinute || days.contains(day.minus(1)) && minute < toMinute;
    }
}
