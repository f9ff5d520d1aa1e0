package io.farblock.raidsim.config;

import io.farblock.powersim.plan.PlanTable;
import io.farblock.raidsim.disk.DiskProfile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads the disks, one table after the other, then the journal; mistakes are noted in the tables. One thread, one file.
 */
final class DiskReader
{
    private static final List<String> KEYS = List.of("file", "size", "model", "seed", "spare");
    private static final List<String> JOURNAL_KEYS = List.of("file", "size", "model", "seed");
    private static final Pattern NAME = Pattern.compile("(?!\\d+$)[A-Za-z0-9][A-Za-z0-9._-]{0,30}");
    private static final long LEAST_BYTES = 1 << 20;
    private static final long LEAST_JOURNAL_BYTES = 8 << 20;
    private static final long JOURNAL_BYTES = 64 << 20;
    private static final long MOST_BYTES = 1L << 50;
    private static final long UNIT_BYTES = 4096;

    private final Path directory;
    private final List<DiskConfig> disks = new ArrayList<>();

    /** @param directory what relative paths are relative to. */
    DiskReader(final Path directory)
    {
        this.directory = directory;
    }

    List<DiskConfig> disks()
    {
        return disks;
    }

    void read(final PlanTable table)
    {
        table.requireKnown(KEYS);
        disks.add(image(table, 0, LEAST_BYTES));
    }

    /** Of another name than any of the disks, which were read before. */
    DiskConfig journal(final PlanTable table)
    {
        table.requireKnown(JOURNAL_KEYS);
        return image(table, JOURNAL_BYTES, LEAST_JOURNAL_BYTES);
    }

    private DiskConfig image(final PlanTable table, final long absentBytes, final long leastBytes)
    {
        final Path file = ArrayFile.path(table, "file", directory);
        final String name = file == null ? "" : nameOf(file);
        if (file != null && !NAME.matcher(name).matches())
        {
            table.wrong("file", "a file whose name, without its ending, has 1 to 31 letters, digits, dots, dashes " +
                "and underscores, and not digits alone", "rename it: the disk is called after it");
        }
        if (disks.stream().anyMatch((disk) -> disk.name().equals(name) && file != null))
        {
            table.wrong("file", "a disk of another name than \"" + name + '"', "rename one of the two files");
        }
        long size = table.size("size", absentBytes, leastBytes, MOST_BYTES);
        if (size % UNIT_BYTES != 0 || size == 0)
        {
            table.wrong("size", "a multiple of " + UNIT_BYTES + " bytes such as \"64M\"", "correct it");
            size = leastBytes;
        }
        return new DiskConfig(name, file, size, profile(table),
            table.count("seed", disks.size(), Long.MIN_VALUE, Long.MAX_VALUE), isSpare(table));
    }

    private static String nameOf(final Path file)
    {
        final String name = String.valueOf(file.getFileName());
        final int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }

    private static DiskProfile profile(final PlanTable table)
    {
        final Object value = table.has("model") ? table.value("model") : DiskConfig.NO_MODEL;
        for (final DiskProfile profile : DiskProfile.values())
        {
            if (profile.text().equals(value))
            {
                return profile;
            }
        }
        if (!DiskConfig.NO_MODEL.equals(value))
        {
            table.wrong("model", "one of " + Arrays.stream(DiskProfile.values()).map(DiskProfile::text)
                .collect(Collectors.joining(", ")) + ", " + DiskConfig.NO_MODEL, "correct it, or remove it");
        }
        return null;
    }

    private static boolean isSpare(final PlanTable table)
    {
        if (table.has("spare") && !(table.value("spare") instanceof Boolean))
        {
            table.wrong("spare", "true or false", "write it without quotes");
        }
        return Boolean.TRUE.equals(table.value("spare"));
    }
}
