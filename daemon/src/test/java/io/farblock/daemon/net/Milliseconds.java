package io.farblock.daemon.net;

import java.util.List;
import java.util.Locale;

/** Durations as people want to see them. Stateless. */
final class Milliseconds
{
    private static final double[] BOUNDS = {10, 20, 50, 100, 200, 500, 1000, 2000, 5000, Double.POSITIVE_INFINITY};

    private Milliseconds()
    {
    }

    /** At least half of them are not longer. */
    static double median(final List<Double> values)
    {
        return values.stream().sorted().toList().get((values.size() - 1) / 2);
    }

    static double longest(final List<Double> values)
    {
        return values.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    }

    /** Median, longest, and how many there are between each two bounds. */
    static String histogram(final List<Double> values)
    {
        final StringBuilder text = new StringBuilder(
            String.format(Locale.ROOT, "p50=%.0f max=%.0f [", median(values), longest(values)));
        double from = 0;
        for (final double bound : BOUNDS)
        {
            final double above = from;
            final long count = values.stream().filter(value -> value >= above && value < bound).count();
            text.append(count == 0 ? "" : String.format(Locale.ROOT, " <%.0f:%d", bound, count));
            from = bound;
        }
        return text.append(" ]").toString();
    }
}
