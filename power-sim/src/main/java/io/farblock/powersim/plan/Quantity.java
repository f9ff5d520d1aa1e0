package io.farblock.powersim.plan;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sizes and durations as people write them: {@code 64KiB}, {@code 1GiB}, {@code 90s}, {@code 1.5h}. Stateless; what
 * cannot be read is refused with the words for what was expected.
 */
public final class Quantity
{
    /** A hundred years in nanoseconds, and more bytes than a disk has. */
    private static final double LARGEST = 3.2e18;
    private static final Pattern SHAPE = Pattern.compile("(\\d{1,15}(?:\\.\\d{1,9})?) ?([A-Za-z]*)");
    private static final Map<String, Long> SIZES = Map.of("", 1L, "B", 1L, "K", 1L << 10, "KiB", 1L << 10,
        "M", 1L << 20, "MiB", 1L << 20, "G", 1L << 30, "GiB", 1L << 30, "T", 1L << 40, "TiB", 1L << 40);
    private static final Map<String, Long> DURATIONS = Map.of("us", 1_000L, "ms", 1_000_000L, "s", 1_000_000_000L,
        "m", 60_000_000_000L, "h", 3_600_000_000_000L, "d", 86_400_000_000_000L);

    private Quantity()
    {
    }

    public static long bytes(final String text)
    {
        return read(text, SIZES, "a size such as \"4096\", \"64KiB\" or \"1GiB\"");
    }

    public static long durationNs(final String text)
    {
        return read(text, DURATIONS, "a duration such as \"20ms\", \"90s\", \"5m\" or \"1.5h\"");
    }

    /** A number without a point that says nothing. */
    static String plain(final double value)
    {
        return value == Math.rint(value) && Math.abs(value) < 1e15 ? String.valueOf((long)value) :
            String.valueOf(value);
    }

    private static long read(final String text, final Map<String, Long> units, final String expected)
    {
        final Matcher matcher = SHAPE.matcher(text.strip());
        if (!matcher.matches() || !units.containsKey(matcher.group(2)))
        {
            throw new IllegalArgumentException(expected);
        }
        final double value = Double.parseDouble(matcher.group(1)) * units.get(matcher.group(2));
        if (value >= LARGEST)
        {
            throw new IllegalArgumentException(expected + ", not that large");
        }
        return (long)value;
    }
}
