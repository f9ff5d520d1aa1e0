package io.farblock.blockdev.still;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A snapshot of a logical volume, made and removed by LVM's commands. LVM itself has the kernel freeze the file system
 * on the volume for the moment of the snapshot, so it must not be frozen already: older kernels refuse then (seen with
 * 6.1), which leaves a volume half made that LVM wants repaired by hand.
 *
 * <p>It is called {@code NAME_farblock} and tagged {@code farblock}; one that a dead process left is removed first, and
 * one of that name without the tag is refused. A snapshot takes up what is overwritten while it exists; one that has
 * overflowed is worthless, so {@link #isIntact} must be asked after the last read. Owned by one thread.
 */
public final class LvmSnapshot implements AutoCloseable
{
    private static final String SUFFIX = "_farblock";
    private static final String TAG = "farblock";
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(60);
    private static final Map<String, String> ENVIRONMENT = Map.of("LC_ALL", "C", "LVM_SUPPRESS_FD_WARNINGS", "1");

    private final CommandRunner runner;
    private final String group;
    private final String name;
    private boolean removed;

    private LvmSnapshot(final CommandRunner runner, final String group, final String name)
    {
        this.runner = runner;
        this.group = group;
        this.name = name;
    }

    /**
     * Makes a snapshot.
     *
     * @param device any path of the logical volume.
     * @param size   how much may be overwritten while it exists: "20%" of the volume, or a number of bytes.
     * @throws CommandException when the device is no logical volume, or LVM refuses.
     */
    public static LvmSnapshot of(final Path device, final String size, final CommandRunner runner)
        throws CommandException
    {
        return of(device, size, runner, Path.of("/sys"));
    }

    static LvmSnapshot of(final Path device, final String size, final CommandRunner runner, final Path sys)
        throws CommandException
    {
        final List<String> space = spaceOf(size);
        final CommandOutcome found = runner.run(List.of("lvs", "--noheadings", "--separator", "|", "-o",
            "vg_name,lv_name", knownToLvm(device, sys)), ENVIRONMENT, LIMIT_NS);
        final String[] volume = row(found.firstLine(), 2);
        if (!found.succeeded() || volume[1].isEmpty())
        {
            throw new CommandException("cannot make a snapshot of " + device + ": LVM knows no logical volume there: " +
                found.describe() + "; expected one, as /dev/GROUP/VOLUME; use mode suspend or a hook");
        }
        final LvmSnapshot snapshot = new LvmSnapshot(runner, volume[0], volume[1] + SUFFIX);
        snapshot.removeStale(volume[1]);
        final List<String> create = new ArrayList<>(List.of(
            "lvcreate", "--yes", "--snapshot", "--permission", "r", "--name", snapshot.name, "--addtag", TAG));
        create.addAll(space);
        create.add(volume[0] + "/" + volume[1]);
        run(runner, create.toArray(new String[0]));
        return snapshot;
    }

    /** What to read from. */
    public Path path()
    {
        return Path.of("/dev", group, name);
    }

    /**
     * Whether everything that was read from it until now was the volume at one instant.
     *
     * @throws CommandException when LVM does not say.
     */
    public boolean isIntact() throws CommandException
    {
        final CommandOutcome outcome = run(runner, "lvs", "--noheadings", "--binary", "--separator", "|", "-o",
            "lv_snapshot_invalid,data_percent", group + "/" + name);
        final String[] row = row(outcome.firstLine(), 2);
        // an empty percentage is what LVM shows of a snapshot that the kernel has given up
        return "0".equals(row[0]) && !row[1].isEmpty() && !row[1].startsWith("100");
    }

    /**
     * Removes it.
     *
     * @throws CommandException when that fails; it then takes space until the next snapshot is made.
     */
    @Override
    public void close() throws CommandException
    {
        if (!removed)
        {
            removed = true;
            remove();
        }
    }

    private void removeStale(final String origin) throws CommandException
    {
        final CommandOutcome outcome = run(runner, "lvs", "--noheadings", "--separator", "|", "-o",
            "lv_name,origin,lv_tags", "--select", "lv_name=" + name, group);
        if (outcome.firstLine().isEmpty())
        {
            return;
        }
        final String[] row = row(outcome.firstLine(), 3);
        if (!row[1].equals(origin) || !List.of(row[2].split(",")).contains(TAG))
        {
            throw new CommandException("cannot make a snapshot of " + group + "/" + origin + ": there is a volume " +
                group + "/" + name + " which is none of Farblock's snapshots (no tag " + TAG + "); expected the name " +
                "to be free; rename it with lvrename");
        }
        remove();
    }

    private void remove() throws CommandException
    {
        run(runner, "lvremove", "-f", group + "/" + name);
    }

    private static List<String> spaceOf(final String size) throws CommandException
    {
        if (size.matches("[1-9]\\d{0,2}%"))
        {
            return List.of("--extents", size + "ORIGIN");
        }
        if (size.matches("[1-9]\\d{0,17}"))
        {
            return List.of("--size", size + "b");
        }
        throw new CommandException("cannot make a snapshot of the size \"" + size + "\"; expected a percentage of " +
            "the volume, as \"20%\", or a number of bytes, as \"1073741824\"");
    }

    /** LVM does not know its volumes by the kernel's names, as /dev/dm-3, but by those in /dev/mapper. */
    private static String knownToLvm(final Path device, final Path sys) throws CommandException
    {
        try
        {
            final Path real = device.toRealPath();
            final Path name = sys.resolve("class/block").resolve(real.getFileName()).resolve("dm/name");
            return Files.exists(name) ? "/dev/mapper/" + Files.readString(name).strip() : real.toString();
        }
        catch (final IOException ex)
        {
            throw new CommandException("cannot make a snapshot of " + device + ": " + ex + "; check the path");
        }
    }

    private static CommandOutcome run(final CommandRunner runner, final String... command) throws CommandException
    {
        final CommandOutcome outcome = runner.run(List.of(command), ENVIRONMENT, LIMIT_NS);
        if (!outcome.succeeded())
        {
            throw new CommandException("LVM refuses: " + outcome.describe() + "; run it by hand to see why");
        }
        return outcome;
    }

    /** The fields of a line, at least that many. */
    private static String[] row(final String line, final int fields)
    {
        final String[] found = line.strip().split("\\|", -1);
        final String[] row = new String[Math.max(fields, found.length)];
        for (int i = 0; i < row.length; i++)
        {
            row[i] = i < found.length ? found[i].strip() : "";
        }
        return row;
    }
}
