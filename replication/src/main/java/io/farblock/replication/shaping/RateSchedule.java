package io.farblock.replication.shaping;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.util.List;

/**
 * A calendar of rates: the first window that covers a moment says the rate; no window, no limit. Immutable.
 *
 * <p>The clock on the wall decides, as people read it: an hour that daylight saving skips is skipped, one that it
 * repeats counts twice.
 */
public record RateSchedule(List<RateWindow> windows)
{
    /** No limit, ever. */
    public static final RateSchedule UNLIMITED = new RateSchedule(List.of());

    /** Weekly windows that did not change in so long do not change, but for what daylight saving does to an hour. */
    private static final Duration FAR = Duration.ofDays(8);

    public RateSchedule
    {
        windows = List.copyOf(windows);
    }

    /** The rate of this moment, or {@link RateWindow#UNLIMITED}. */
    public long bytesPerSecondAt(final ZonedDateTime time)
    {
        return rate(first(time.getDayOfWeek(), time.getHour() * 60 + time.getMinute()));
    }

    /** Until when, exclusive, the rate of this moment holds; at least until then, when that is eight days ahead. */
    public ZonedDateTime heldUntil(final ZonedDateTime time)
    {
        final long rate = bytesPerSecondAt(time);
        final ZonedDateTime far = time.plus(FAR);
        ZonedDateTime next = nextEdge(time);
        while (next.isBefore(far) && bytesPerSecondAt(next) == rate)
        {
            next = nextEdge(next);
        }
        return next;
    }

    /** Position of a window that those before it leave no minute of the week, or -1. */
    public int uselessWindow()
    {
        final boolean[] used = new boolean[windows.size() + 1];
        for (final DayOfWeek day : DayOfWeek.values())
        {
            for (int minute = 0; minute < RateWindow.DAY_MINUTES; minute++)
            {
                used[first(day, minute)] = true;
            }
        }
        for (int i = 0; i < windows.size(); i++)
        {
            if (!used[i])
            {
                return i;
            }
        }
        return -1;
    }

    private int first(final DayOfWeek day, final int minute)
    {
        int i = 0;
        while (i < windows.size() && !windows.get(i).covers(day, minute))
        {
            i++;
        }
        return i;
    }

    private long rate(final int window)
    {
        return window < windows.size() ? windows.get(window).bytesPerSecond() : RateWindow.UNLIMITED;
    }

    /**
     * The next moment at which a window may begin or end: at one of their minutes, at midnight, or when the clock is
     * put forward or back. Between two of these an hour on the clock is an hour.
     */
    private ZonedDateTime nextEdge(final ZonedDateTime time)
    {
        final int minute = time.getHour() * 60 + time.getMinute();
        int next = RateWindow.DAY_MINUTES;
        for (final RateWindow window : windows)
        {
            next = earlier(next, window.fromMinute(), minute);
            next = earlier(next, window.toMinute(), minute);
        }
        final ZonedDateTime edge = time.truncatedTo(ChronoUnit.MINUTES).plus(Duration.ofMinutes(next - minute));
        final ZoneOffsetTransition shift = time.getZone().getRules().nextTransition(time.toInstant());
        return shift != null && shift.getInstant().isBefore(edge.toInstant())
            ? shift.getInstant().atZone(time.getZone()) : edge;
    }

    private static int earlier(final int known, final int edge, final int after)
    {
        return edge > after && edge < known ? edge : known;
    }
}
