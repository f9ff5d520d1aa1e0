package io.farblock.daemon.config;

import io.farblock.replication.identity.Fingerprint;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
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

    /** More of one kind is a file that nobody wrote. */
    private static final int MOST_TEXTS = 64;

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

    /** An inner table that the file does not have: every key of it is absent. */
    TableReader absent(final Section child)
    {
        return new TableReader(org.tomlj.Toml.parse(""), child, line, mistakes);
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

    /** Null when it is absent. */
    Path optionalPath(final ConfigKey key)
    {
        return has(key) ? path(key) : null;
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

    /** A switch; off when it is absent. */
    boolean flag(final ConfigKey key)
    {
        final Object value = table.get(List.of(key.key()));
        if (value != null && !(value instanceof Boolean))
        {
            wrong(key, value, "true or false, without quotes", "correct it, or remove it for the default: false");
        }
        return Boolean.TRUE.equals(value);
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
        final Object value = table.get(List.of(key.key()));
        if (!(value instanceof TomlArray array) || array.isEmpty())
        {
            wrong(key, value, "a list such as [\"127.0.0.1:7700\"]", "name at least one address");
            return List.of();
        }
        return list(key, array, "IP:PORT", "address", one -> AddressText.parse(one, false));
    }

    /** Certificates by their fingerprints; none is fine. */
    List<Fingerprint> fingerprints(final ConfigKey key)
    {
        final Object value = table.get(List.of(key.key()));
        if (value == null)
        {
            return List.of();
        }
        if (!(value instanceof TomlArray array))
        {
            wrong(key, value, "a list such as [\"sha256:...\"]", "put brackets around it");
            return List.of();
        }
        return list(key, array, "sha256:HEX", "fingerprint", Fingerprint::parse);
    }

    private <T> List<T> list(final ConfigKey key, final TomlArray array, final String shape, final String word,
        final Function<String, T> parser)
    {
        final List<T> values = new ArrayList<>();
        for (int i = 0; i < array.size(); i++)
        {
            final int at = array.inputPositionOf(i).line();
            if (!(array.get(i) instanceof String text))
            {
                mistakes.add(at, key.dotted(), Mistake.shown(array.get(i)), shape + ", in quotes", "correct it");
                continue;
            }
            final T value = parsed(key, text, at, parser);
            if (value != null && values.contains(value))
            {
                mistakes.add(at, key.dotted(), Mistake.shown(text), "each " + word + " once", "remove one of them");
            }
            else if (value != null)
            {
                values.add(value);
            }
        }
        return values;
    }

    /** Some texts, each of which goes to {@code taker}; none when the key is absent or no list of texts. */
    void texts(final ConfigKey key, final String example, final Consumer<String> taker)
    {
        final Object value = table.get(List.of(key.key()));
        if (value == null)
        {
            return;
        }
        if (!(value instanceof TomlArray array) || array.isEmpty() || array.size() > MOST_TEXTS)
        {
            wrong(key, value, "a list of 1 to " + MOST_TEXTS + " texts such as [\"" + example + "\"]",
                "correct it, or remove it for the default: " + key.defaultText());
            return;
        }
        for (int i = 0; i < array.size(); i++)
        {
            final int at = array.inputPositionOf(i).line();
            if (array.get(i) instanceof String text)
            {
                parsed(key, text, at, one ->
                {
                    taker.accept(one);
                    return one;
                });
            }
            else
            {
                mistakes.add(at, key.dotted(), Mistake.shown(array.get(i)), "a text, in quotes, such as \"" + example
                    + '"', "correct it");
            }
        }
    }

    /** Words of a list, which may be empty; null when the key is absent or the list is wrong. */
    <T> List<T> words(final ConfigKey key, final String word, final Function<String, T> parser)
    {
        final Object value = table.get(List.of(key.key()));
        if (value == null)
        {
            return null;
        }
        if (!(value instanceof TomlArray array) || array.size() > MOST_TEXTS)
        {
            wrong(key, value, key.unit() + ", in brackets", "write " + key.key() + " = [\"...\"]");
            return null;
        }
        return list(key, array, key.unit(), word, parser);
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
