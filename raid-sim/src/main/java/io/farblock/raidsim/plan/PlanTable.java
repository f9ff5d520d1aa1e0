package io.farblock.raidsim.plan;

import java.util.Collection;
import java.util.List;
import java.util.function.ToLongFunction;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * Reads one table of a plan, key by key. A key that is missing or wrong is noted among the mistakes and read as its
 * default, so that the reading goes on and finds the next mistake. One thread.
 */
final class PlanTable
{
    private final TomlTable table;
    private final String path;
    private final int line;
    private final Mistakes mistakes;

    /** @param path what messages put before a key: empty, or a name and a dot. */
    PlanTable(final TomlTable table, final String path, final int line, final Mistakes mistakes)
    {
        this.table = table;
        this.path = path;
        this.line = line;
        this.mistakes = mistakes;
    }

    int line()
    {
        return line;
    }

    boolean has(final String key)
    {
        return value(key) != null;
    }

    /** The value as the file has it, or null. */
    Object value(final String key)
    {
        return table.get(List.of(key));
    }

    void wrong(final String key, final String expected, final String advice)
    {
        mistakes.add(lineOf(key), path + key, value(key), expected, advice);
    }

    /** Every key must be one of these. */
    void requireKnown(final Collection<String> known)
    {
        for (final String key : table.keySet())
        {
            if (!known.contains(key))
            {
                mistakes.add(lineOf(key), path + key, key, "one of " + String.join(", ", known),
                    "remove or correct it");
            }
        }
    }

    /** A text; null when it is absent or something else, which is a mistake. */
    String text(final String key, final String expected)
    {
        if (value(key) instanceof String text)
        {
            return text;
        }
        wrong(key, expected + ", in quotes", "write " + key + " = \"...\"");
        return null;
    }

    /** A whole number. */
    long count(final String key, final long absent, final long least, final long most)
    {
        final Object value = value(key);
        if (value == null || value instanceof Long number && number >= least && number <= most)
        {
            return value == null ? absent : (Long)value;
        }
        wrong(key, "a whole number from " + least + " to " + most, "correct it");
        return least;
    }

    /** A number above 0. */
    double rate(final String key, final double most)
    {
        final Object value = value(key);
        final double number = value instanceof Long || value instanceof Double ? ((Number)value).doubleValue() : -1;
        if (number > 0 && number <= most)
        {
            return number;
        }
        wrong(key, "a number above 0, at most " + most, "correct it");
        return most;
    }

    long size(final String key, final long absent, final long least, final long most)
    {
        return quantity(key, absent, least, most, Quantity::bytes, " bytes");
    }

    long duration(final String key, final long absent, final long leastNs)
    {
        return quantity(key, absent, leastNs, Long.MAX_VALUE, Quantity::durationNs, " ns");
    }

    private long quantity(final String key, final long absent, final long least, final long most,
        final ToLongFunction<String> parser, final String unit)
    {
        final Object value = value(key);
        if (value == null)
        {
            return absent;
        }
        try
        {
            final long quantity = parser.applyAsLong(value instanceof Long ? value.toString() :
                value instanceof String text ? text : "");
            if (quantity >= least && quantity <= most)
            {
                return quantity;
            }
            wrong(key, most == Long.MAX_VALUE ? "at least " + least + unit : "from " + least + " to " + most + unit,
                "correct it");
        }
        catch (final IllegalArgumentException unreadable)
        {
            wrong(key, unreadable.getMessage(), "correct it");
        }
        return least;
    }

    private int lineOf(final String key)
    {
        final TomlPosition position = table.inputPositionOf(List.of(key));
        return position == null ? line : position.line();
    }
}
