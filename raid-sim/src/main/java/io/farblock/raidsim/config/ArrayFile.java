package io.farblock.raidsim.config;

import io.farblock.powersim.plan.Mistakes;
import io.farblock.powersim.plan.PlanException;
import io.farblock.powersim.plan.PlanTable;
import io.farblock.powersim.plan.PlanText;
import io.farblock.raidsim.array.ArrayShape;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** Makes an array's description of a file, or tells all that is wrong with it. One thread, one file. */
public final class ArrayFile
{
    private static final int MOST_DISKS = 64;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.:_-]{0,31}");
    private static final List<String> ARRAY_KEYS =
        List.of("name", "level", "layout", "chunk", "bitmap", "limit", "plan", "log");

    private final Path file;
    private final Path directory;
    private final String name;
    private Mistakes mistakes;

    private ArrayFile(final Path file)
    {
        this.file = file.toAbsolutePath().normalize();
        this.directory = this.file.getParent();
        this.name = file.toString();
    }

    /** @throws PlanException with every mistake in it. */
    public static ArrayConfig read(final Path file) throws PlanException
    {
        return new ArrayFile(file).parse(PlanText.of(file, "an array"));
    }

    private ArrayConfig parse(final String text) throws PlanException
    {
        final PlanTable root = PlanText.parse(name, text, "an array");
        mistakes = root.mistakes();
        root.requireKnown(List.of("array", "disk", "journal"));
        final DiskReader reader = new DiskReader(directory);
        final List<DiskConfig> disks = disks(root, reader);
        final ArrayConfig config = array(root, disks, root.has("journal") ? journal(root, reader) : null);
        if (!mistakes.isEmpty())
        {
            throw mistakes.exception();
        }
        return config;
    }

    private List<DiskConfig> disks(final PlanTable root, final DiskReader reader)
    {
        root.tables("disk", MOST_DISKS).forEach(reader::read);
        return reader.disks();
    }

    private static DiskConfig journal(final PlanTable root, final DiskReader reader)
    {
        final PlanTable table = root.table("journal", "[journal] with file");
        return table == null ? null : reader.journal(table);
    }

    private ArrayConfig array(final PlanTable root, final List<DiskConfig> disks, final DiskConfig journal)
    {
        final PlanTable table = root.table("array", "[array] with name and level");
        if (table == null)
        {
            return null;
        }
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
