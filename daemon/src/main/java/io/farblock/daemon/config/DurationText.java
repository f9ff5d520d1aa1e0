package io.farblock.daemon.config;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as people write and read them: {@code 30s}, {@code 5m}, {@code 2h}. Stateless.
 */
public final class DurationText
{
    private static final Pattern SHAPE = Pattern.compile("(\\d{1,9}) ?(ms|s|m|h|d)");

    private DurationText()
    {
    }

    /** @throws IllegalArgumentException with the words for what was expected. */
    public static Duration parse(final String text)
    {
        final Matcher matcher = SHAPE.matcher(text.strip());
        if (!matcher.matches())
        {
            throw new IllegalArgumentException("a whole number with one of ms, s, m, h, d");
        }
        final long value = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2))
        {
            case "ms" -> Duration.ofMillis(value);
            case "s" -> Duration.ofSeconds(value);
            case "m" -> Duration.ofMinutes(value);
            case "h" -> Duration.ofHours(value);
            default -> Duration.ofDays(value);
        };
    }

    /** Two units at most, such as {@code 210 us}, {@code 3.2 s}, {@code 5 m 12 s}, {@code 2 d 4 h}. */
    public static String of(final long durationNs)
    {
        final long seconds = TimeUnit.NANOSECONDS.toSeconds(durationNs);
        if (durationNs < 1_000_000)
        {
            return durationNs / 1_000 + " us";
        }
        if (durationNs < 1_000_000_000)
        {
            return durationNs / 1_000_000 + " ms";
        }
        if (seconds < 60)
        {
            return String.format(Locale.ROOT, "%.1f s", durationNs / 1e9);
        }
        if (seconds < 3600)
        {
            return seconds / 60 + " m " + seconds % 60 + " s";
        }
        if (seconds < 86_400)
        {
            return seconds / 3600 + " h " + seconds % 3600 / 60 + " m";
        }
        return seconds / 86_400 + " d " + seconds % 86_400 / 3600 + " h";
    }
}
