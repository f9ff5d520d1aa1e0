package io.farblock.powersim.plan;

import java.util.Collection;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * Reads one table of a file, key by key. A key that is missing or wrong is noted among the mistakes and read as its
 * default, so that the reading goes on and finds the next mistake. One thread.
 */
public final class PlanTable
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

    /** The table under a key; null when there is none or something else, which is a mistake. */
    public PlanTable table(final String key, final String expected)
    {
        if (value(key) instanceof TomlTable inner)
        {
            return new PlanTable(inner, path + key + '.', lineOf(key), mistakes);
        }
        wrong(key, expected, "write [" + path + key + "] before its keys");
        return null;
    }

    /** The tables of a list, at least one; none when there is something else, which is a mistake. */
    public List<PlanTable> tables(final String key, final int most)
    {
        if (!(value(key) instanceof TomlArray array) || array.isEmpty() || array.size() > most ||
            !array.toList().stream().allMatch(TomlTable.class::isInstance))
        {
            wrong(key, "1 to " + most + " tables", "write [[" + path + key + "]] before the keys of each");
            return List.of();
        }
        return IntStream.range(0, array.size()).mapToObj((i) -> new PlanTable(
            array.getTable(i), path + key + '.', array.inputPositionOf(i).line(), mistakes)).toList();
    }

    /** What is found wrong goes here. */
    public Mistakes mistakes()
    {
        return mistakes;
    }

    public int line()
    {
        return line;
    }

    public boolean has(final String key)
    {
        return value(key) != null;
    }

    /** The value as the file has it, or null. */
    public Object value(final String key)
    {
        return table.get(List.of(key));
    }

    public void wrong(final String key, final String expected, final String advice)
    {
        mistakes.add(lineOf(key), path + key, value(key), expected, advice);
    }

    /** Every key must be one of these. */
    public void requireKnown(final Collection<String> known)
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
    public String text(final String key, final String expected)
    {
        if (value(key) instanceof String text)
        {
            return text;
        }
        wrong(key, expected + ", in quotes", "write " + key + " = \"...\"");
        return null;
    }

    /** A whole number. */
    public long count(final String key, final long absent, final long least, final long most)
    {
        final Object value = value(key);
        if (value == null || value instanceof Long number && number >= least && number <= most)
        {
            return value == null ? absent : (Long)value;
        }
        wrong(key, "a whole number from " + least + " to " + most, "correct it");
        return least;
    }

    /** A number. */
    public double number(final String key, final double absent, final double least, final double most)
    {
        final Object value = value(key);
        final double number = value == null ? absent :
            value instanceof Long || value instanceof Double ? ((Number)value).doubleValue() : Double.NaN;
        if (number >= least && number <= most)
        {
            return number;
        }
        wrong(key, "a number from " + Quantity.plain(least) + " to " + Quantity.plain(most), "correct it");
        return least;
    }

    /** One of some words, in quotes. */
    public String word(final String key, final String absent, final Collection<String> words)
    {
        final Object value = value(key);
        if (value == null && absent != null || value instanceof String text && words.contains(text))
        {
            return value == null ? absent : (String)value;
        }
        wrong(key, "one of " + String.join(", ", words), "write " + key + " = \"...\"");
        return words.iterator().next();
    }

    /** True or false. */
    public boolean flag(final String key, final boolean absent)
    {
        final Object value = value(key);
        if (value == null || value instanceof Boolean)
        {
            return value == null ? absent : (Boolean)value;
        }
        wrong(key, "true or false", "write it without quotes");
        return absent;
    }

    /** A number above 0. */
    public double rate(final String key, final double most)
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

    public long size(final String key, final long absent, final long least, final long most)
    {
        return quantity(key, absent, least, most, Quantity::bytes, " bytes");
    }

    public long duration(final String key, final long absent, final long leastNs)
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

    /** Where the key stands, or where its table begins. */
    public int lineOf(final String key)
    {
        final TomlPosition position = table.inputPositionOf(List.of(key));
        return position == null ? line : position.line();
    }
}
