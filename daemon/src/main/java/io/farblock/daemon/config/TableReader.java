package io.farblock.daemon.config;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * Reads one table of the file, key by key, typed. A key that is missing or wrong is noted among the mistakes and read
 * as null (or the key's default, for numbers), so that the reading goes on and finds the next mistake. One thread.
 */
final class TableReader
{
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

    private final TomlTable table;
    private final Section section;
    private final int line;
    private final Mistakes mistakes;

    TableReader(final TomlTable table, final Section section, final int line, final Mistakes mistakes)
    {
        this.table = table;
        this.section = section;
        this.line = line;
        this.mistakes = mistakes;
        final List<String> known = NearestKey.known(section);
        for (final String key : table.keySet())
        {
            if (!known.contains(key))
            {
                mistakes.add(lineOf(key), section.dotted(key), Mistake.shown(key), "a known key",
                    NearestKey.advice(section, key));
            }
        }
    }

    /** Where the table begins. */
    int line()
    {
        return line;
    }

    /** Where the key stands, or where its table begins. */
    int lineOf(final ConfigKey key)
    {
        return lineOf(key.key());
    }

    private int lineOf(final String key)
    {
        final TomlPosition position = table.inputPositionOf(List.of(key));
        return position == null ? line : position.line();
    }

    /** Inner tables written with double brackets; none is fine. */
    List<TableReader> tables(final Section child)
    {
        final Object value = table.get(List.of(child.key()));
        final List<TableReader> readers = new ArrayList<>();
        if (value == null)
        {
            return readers;
        }
        if (!(value instanceof TomlArray array) || !array.isEmpty() && !(array.get(0) instanceof TomlTable))
        {
            mistakes.add(lineOf(child.key()), section.dotted(child.key()), Mistake.shown(value), child.header(),
                "write " + child.header() + " before its keys");
            return readers;
        }
        for (int i = 0; i < array.size(); i++)
        {
            readers.add(new TableReader(array.getTable(i), child, array.inputPositionOf(i).line(), mistakes));
        }
        return readers;
    }

    /** An inner table that is there at most once, or null. */
    TableReader table(final Section child)
    {
        final Object value = table.get(List.of(child.key()));
        if (value == null)
        {
            return null;
        }
        if (value instanceof TomlTable inner)
        {
            return new TableReader(inner, child, lineOf(child.key()), mistakes);
        }
        mistakes.add(lineOf(child.key()), section.dotted(child.key()), Mistake.shown(value), child.header(),
            "write " + child.header() + " before its keys");
        return null;
    }

    boolean has(final ConfigKey key)
    {
        return table.get(List.of(key.key())) != null;
    }

    /** A name that is safe in messages and in file names; null when there is none. */
    String name(final ConfigKey key)
    {
        return parsed(key, text ->
        {
            if (!NAME.matcher(text).matches())
            {
                throw new IllegalArgumentException("a name of letters, digits, dot, dash and underscore, 63 at most");
            }
            return text;
        });
    }

    Path path(final ConfigKey key)
    {
        return parsed(key, text ->
        {
            if (!text.startsWith("/") || text.indexOf('\0') >= 0)
            {
                throw new IllegalArgumentException("an absolute path");
            }
            return Path.of(text).normalize();
        });
    }

    long size(final ConfigKey key, final long min, final long max)
    {
        final Long bytes = parsed(key, text ->
        {
            final long value = SizeText.parse(text);
            if (value < min || value > max)
            {
                throw new IllegalArgumentException("from " + SizeText.of(min) + " to " + SizeText.of(max));
            }
            return value;
        });
        return bytes == null ? min : bytes;
    }

    int count(final ConfigKey key, final int absent, final int min, final int max)
    {
        final Object value = table.get(List.of(key.key()));
        if (value == null)
        {
            return absent;
        }
        if (value instanceof Long number && number >= min && number <= max)
        {
            return number.intValue();
        }
        wrong(key, value, "a whole number from " + min + " to " + max, "correct it, or remove it for the default");
        return absent;
    }

    /** A key that says true or false; false when it is absent. */
    boolean flag(final ConfigKey key)
    {
        final Object value = table.get(List.of(key.key()));
        if (value != null && !(value instanceof Boolean))
        {
            wrong(key, value, "true or false, without quotes", "correct it, or remove it for the default");
        }
        return Boolean.TRUE.equals(value);
    }

    /** A key that must say true, because nothing encrypts yet and people are to have said that they know. */
    void acknowledgedInsecure(final ConfigKey key)
    {
        final Object value = table.get(List.of(key.key()));
        if (!Boolean.TRUE.equals(value))
        {
            wrong(key, value, "true", "nothing encrypts yet: this version has no TLS; write insecure = true here to"
                + " accept that everything goes in clear");
        }
    }

    /** A text that {@code parser} turns into a value, or null when it is absent without a default, or wrong. */
    <T> T parsed(final ConfigKey key, final Function<String, T> parser)
    {
        final Object present = table.get(List.of(key.key()));
        if (present == null && key.required())
        {
            wrong(key, null, key.unit(), "add " + key.key() + " = ... to " + where());
            return null;
        }
        final Object value = present == null ? key.defaultText() : present;
        if (!(value instanceof String text))
        {
            wrong(key, value, key.unit() + ", in quotes", "write " + key.key() + " = \"...\"");
            return null;
        }
        return parsed(key, text, lineOf(key), parser);
    }

    /** Addresses to listen on; at least one. */
    List<InetSocketAddress> addresses(final ConfigKey key)
    {
        final List<InetSocketAddress> addresses = new ArrayList<>();
        final Object value = table.get(List.of(key.key()));
        if (!(value instanceof TomlArray array) || array.isEmpty())
        {
            wrong(key, value, "a list such as [\"127.0.0.1:7700\"]", "name at least one address");
            return addresses;
        }
        for (int i = 0; i < array.size(); i++)
        {
            final int at = array.inputPositionOf(i).line();
            if (!(array.get(i) instanceof String text))
            {
                mistakes.add(at, key.dotted(), Mistake.shown(array.get(i)), "IP:PORT, in quotes", "correct it");
                continue;
            }
            final InetSocketAddress address = parsed(key, text, at, one -> AddressText.parse(one, false));
            if (address != null && addresses.contains(address))
            {
                mistakes.add(at, key.dotted(), Mistake.shown(text), "each address once", "remove one of them");
            }
            else if (address != null)
            {
                addresses.add(address);
            }
        }
        return addresses;
    }

    /** A program and its arguments; empty when the key is absent or wrong. */
    List<String> command(final ConfigKey key)
    {
        final Object value = table.get(List.of(key.key()));
        if (value == null)
        {
            return List.of();
        }
        final List<String> command = new ArrayList<>();
        if (value instanceof TomlArray array)
        {
            for (int i = 0; i < array.size(); i++)
            {
                command.add(array.get(i) instanceof String text ? text : "");
            }
        }
        if (command.isEmpty() || command.get(0).isEmpty() ||
            !(value instanceof TomlArray list) || !list.toList().stream().allMatch(String.class::isInstance))
        {
            wrong(key, value, "a list of texts such as [\"/usr/bin/systemctl\", \"stop\", \"app\"]",
                "name a program and its arguments, each in quotes");
            return List.of();
        }
        return List.copyOf(command);
    }

    private <T> T parsed(final ConfigKey key, final String text, final int at, final Function<String, T> parser)
    {
        try
        {
            return parser.apply(text);
        }
        catch (final IllegalArgumentException wrong)
        {
            mistakes.add(at, key.dotted(), Mistake.shown(text), wrong.getMessage(),
                key.required() ? "correct it" : "correct it, or remove it for the default: " + key.defaultText());
            return null;
        }
    }

    void wrong(final ConfigKey key, final Object value, final String expected, final String advice)
    {
        mistakes.add(lineOf(key), key.dotted(), value == null ? "nothing" : Mistake.shown(value), expected, advice);
    }

    private String where()
    {
        return section == Section.ROOT ? "the top of the file" : "this " + section.header();
    }
}
