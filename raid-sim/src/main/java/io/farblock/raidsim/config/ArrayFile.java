package io.farblock.raidsim.config;

import io.farblock.raidsim.array.ArrayShape;
import io.farblock.raidsim.plan.Mistakes;
import io.farblock.raidsim.plan.PlanTable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;

/** Makes an array's description of a file, or tells all that is wrong with it. One thread, one file. */
public final class ArrayFile
{
    private static final int LARGEST_BYTES = 1 << 20;
    private static final int MOST_DISKS = 64;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.:_-]{0,31}");
    private static final List<String> ARRAY_KEYS =
        List.of("name", "level", "layout", "chunk", "bitmap", "limit", "plan", "log");

    private final Path file;
    private final Path directory;
    private final Mistakes mistakes;

    private ArrayFile(final Path file)
    {
        this.file = file.toAbsolutePath().normalize();
        this.directory = this.file.getParent();
        this.mistakes = new Mistakes(file.toString());
    }

    /** @throws ConfigException with every mistake in it. */
    public static ArrayConfig read(final Path file) throws ConfigException
    {
        return new ArrayFile(file).parse(textOf(file));
    }

    private static String textOf(final Path file) throws ConfigException
    {
        try (InputStream in = Files.newInputStream(file))
        {
            final byte[] bytes = in.readNBytes(LARGEST_BYTES + 1);
            if (bytes.length > LARGEST_BYTES)
            {
                throw unusable(file, "more than " + LARGEST_BYTES + " bytes");
            }
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        }
        catch (final CharacterCodingException binary)
        {
            throw unusable(file, "binary data");
        }
        catch (final IOException failed)
        {
            throw unusable(file, failed.toString());
        }
    }

    private static ConfigException unusable(final Path file, final String found)
    {
        return new ConfigException(
            List.of(file + ": found " + found + ", expected an array in TOML (name another file)"));
    }

    private ArrayConfig parse(final String text) throws ConfigException
    {
        final TomlParseResult result = toml(text);
        final PlanTable root = new PlanTable(result, "", 1, mistakes);
        root.requireKnown(List.of("array", "disk", "journal"));
        final DiskReader reader = new DiskReader(directory);
        final List<DiskConfig> disks = disks(root, reader);
        final ArrayConfig config = array(root, disks, root.has("journal") ? journal(root, reader) : null);
        requireSound();
        return config;
    }

    private TomlParseResult toml(final String text) throws ConfigException
    {
        final TomlParseResult result;
        try
        {
            result = Toml.parse(text);
        }
        catch (final StackOverflowError deep)
        {
            throw unusable(file, "lists or tables nested thousands deep");
        }
        for (final TomlParseError error : result.errors())
        {
            mistakes.add(error.position().line(), "syntax", String.valueOf(error.getMessage()), "valid TOML",
                "correct it at column " + error.position().column());
        }
        // what stands after a syntax error was read wrongly, so nothing is said of it: it would be misleading
        requireSound();
        return result;
    }

    private void requireSound() throws ConfigException
    {
        if (!mistakes.isEmpty())
        {
            throw new ConfigException(mistakes.exception().lines());
        }
    }

    private List<DiskConfig> disks(final PlanTable root, final DiskReader reader)
    {
        if (!(root.value("disk") instanceof TomlArray array) || array.isEmpty() || array.size() > MOST_DISKS ||
            !array.toList().stream().allMatch(TomlTable.class::isInstance))
        {
            root.wrong("disk", "1 to " + MOST_DISKS + " tables", "write [[disk]] before the keys of each");
            return new ArrayList<>();
        }
        for (int i = 0; i < array.size(); i++)
        {
            reader.read(new PlanTable(array.getTable(i), "disk.", array.inputPositionOf(i).line(), mistakes));
        }
        return reader.disks();
    }

    private DiskConfig journal(final PlanTable root, final DiskReader reader)
    {
        if (!(root.value("journal") instanceof TomlTable inner))
        {
            root.wrong("journal", "[journal] with file", "write [journal] before its keys");
            return null;
        }
        return reader.journal(new PlanTable(inner, "journal.", root.lineOf("journal"), mistakes));
    }

    private ArrayConfig array(final PlanTable root, final List<DiskConfig> disks, final DiskConfig journal)
    {
        if (!(root.value("array") instanceof TomlTable inner))
        {
            root.wrong("array", "[array] with name and level", "write [array] before its keys");
            return null;
        }
        final PlanTable table = new PlanTable(inner, "array.", root.lineOf("array"), mistakes);
        table.requireKnown(ARRAY_KEYS);
        final String name = table.text("name", "the array's name");
        if (name != null && !NAME.matcher(name).matches())
        {
            table.wrong("name", "1 to 32 letters, digits, dots, colons, dashes and underscores", "rename it");
        }
        final ArrayShape shape = new ShapeReader(table, disks).read();
        if (root.has("journal") && shape != null && !shape.level().hasParity())
        {
            mistakes.add(root.lineOf("journal"), "journal", "level " + shape.level().number(),
                "level 5 or 6: only they have a write hole that a journal closes",
                "remove [journal], or choose another level");
        }
        return new ArrayConfig(file, name, shape, limit(table), optionalPath(table, "plan"),
            optionalPath(table, "log"), disks, journal);
    }

    private Path optionalPath(final PlanTable table, final String key)
    {
        return table.has(key) ? path(table, key, directory) : null;
    }

    private static long limit(final PlanTable table)
    {
        if (!table.has("limit"))
        {
            return 0;
        }
        try
        {
            return RateText.parse(table.value("limit") instanceof String text ? text : "");
        }
        catch (final IllegalArgumentException unreadable)
        {
            table.wrong("limit", unreadable.getMessage(), "correct it, or remove it for no limit");
            return 0;
        }
    }

    /** A path, relative to the array file; null when it is missing or wrong, which is a mistake. */
    static Path path(final PlanTable table, final String key, final Path directory)
    {
        final String text = table.text(key, "a path");
        try
        {
            if (text == null || !text.isBlank())
            {
                return text == null ? null : directory.resolve(text).normalize();
            }
        }
        catch (final InvalidPathException unusable)
        {
            // what is wrong with it is said below
        }
        table.wrong(key, "a path", "correct it");
        return null;
    }
}
