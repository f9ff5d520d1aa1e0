package io.farblock.blockdev.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Says who uses a device or file, in words for a message: mount points, swap, the devices stacked on top, loop
 * devices, holders of a lock. It explains a refusal and decides only one: a file under a loop device, which the
 * kernel would let be written behind that device's back.
 *
 * <p>Reads /proc and /sys as they are at the moment; what it cannot read it leaves out, so an empty answer means
 * "nobody that this process can see". Stateless, thread safe, never on a hot path.
 */
public final class DeviceUsage
{
    private final Path proc;
    private final Path sys;

    /** Of the running system. */
    public DeviceUsage()
    {
        this(Path.of("/"));
    }

    /** Of the system whose proc and sys directories lie under {@code root}. */
    DeviceUsage(final Path root)
    {
        this.proc = root.resolve("proc");
        this.sys = root.resolve("sys");
    }

    /**
     * Who uses a block device, its partitions, or the disk that it is a partition of.
     *
     * @param device "major:minor", as {@link FileStatus#device()}.
     */
    public List<String> usersOf(final String device)
    {
        final Set<String> users = new LinkedHashSet<>();
        addUsers(device, "", users);
        final Path node = real(sys.resolve("dev/block").resolve(device));
        for (final Path partition : children(node))
        {
            if (Files.exists(partition.resolve("partition")))
            {
                addUsers(firstLine(partition.resolve("dev")), "its partition " + partition.getFileName() + " is ",
                    users);
            }
        }
        if (Files.exists(node.resolve("partition")) && node.getParent() != null)
        {
            addUsers(firstLine(node.getParent().resolve("dev")), "its disk " + node.getParent().getFileName() + " is ",
                users);
        }
        return List.copyOf(users);
    }

    /** The loop devices that are backed by a file: "/dev/loop0". */
    public List<String> loopsBackedBy(final FileStatus file)
    {
        final List<String> loops = new ArrayList<>();
        for (final Path disk : children(sys.resolve("block")))
        {
            final String backing = firstLine(disk.resolve("loop/backing_file"));
            if (!backing.isEmpty() && FileStatus.of(Path.of(backing)).isSameFile(file))
            {
                loops.add("/dev/" + disk.getFileName());
            }
        }
        return loops;
    }

    /** Who holds an flock on a file: "process 4711 (farblock)". */
    public List<String> lockersOf(final FileStatus file)
    {
        final List<String> lockers = new ArrayList<>();
        final String[] number = file.fileSystem().split(":");
        final String wanted = String.format("%02x:%02x:%s", Integer.parseInt(number[0]), Integer.parseInt(number[1]),
            Long.toUnsignedString(file.inode()));
        for (final String line : lines(proc.resolve("locks")))
        {
            // 1: FLOCK  ADVISORY  WRITE 4711 fe:00:131 0 EOF
            final String[] fields = line.trim().split("\\s+");
            if (fields.length >= 6 && "FLOCK".equals(fields[1]) && wanted.equals(fields[5]))
            {
                final String name = firstLine(proc.resolve(fields[4]).resolve("comm"));
                lockers.add("process " + fields[4] + (name.isEmpty() ? "" : " (" + name + ")"));
            }
        }
        return lockers;
    }

    private void addUsers(final String device, final String prefix, final Set<String> users)
    {
        if (device.isEmpty())
        {
            return;
        }
        for (final String line : lines(proc.resolve("self/mountinfo")))
        {
            addMount(device, prefix, line, users);
        }
        for (final String line : lines(proc.resolve("swaps")))
        {
            final String path = line.split("\\s+")[0];
            if (path.startsWith("/") && device.equals(deviceOf(unescaped(path))))
            {
                users.add(prefix + "in use as swap");
            }
        }
        for (final Path holder : children(sys.resolve("dev/block").resolve(device).resolve("holders")))
        {
            users.add(prefix + "held by /dev/" + holder.getFileName());
        }
    }

    /** <pre>27 1 254:0 /root /mount/point rw,relatime shared:1 - ext4 /dev/vda rw</pre> The fields before "-" vary. */
    private void addMount(final String device, final String prefix, final String line, final Set<String> users)
    {
        final String[] fields = line.split(" ");
        int dash = 6;
        while (dash < fields.length && !"-".equals(fields[dash]))
        {
            dash++;
        }
        if (dash + 2 >= fields.length)
        {
            return;
        }
        // btrfs shows a number that no device has: there only the source names the device
        final String source = unescaped(fields[dash + 2]);
        if (device.equals(fields[2]) || source.startsWith("/dev/") && device.equals(deviceOf(source)))
        {
            users.add(prefix + "mounted at " + unescaped(fields[4]) + " (" + fields[dash + 1] + ")");
        }
    }

    private static String deviceOf(final String path)
    {
        final FileStatus status = FileStatus.of(Path.of(path));
        return status.errno() == 0 && status.isBlockDevice() ? status.device() : "";
    }

    /** The kernel writes space, tab, newline and backslash in these files as three octal digits. */
    static String unescaped(final String text)
    {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        final byte[] result = new byte[bytes.length];
        int length = 0;
        for (int i = 0; i < bytes.length; i++)
        {
            if (bytes[i] == '\\' && i + 3 < bytes.length && isOctal(bytes[i + 1]) && isOctal(bytes[i + 2]) &&
                isOctal(bytes[i + 3]))
            {
                result[length++] = (byte)((bytes[i + 1] - '0') << 6 | (bytes[i + 2] - '0') << 3 | bytes[i + 3] - '0');
                i += 3;
            }
            else
            {
                result[length++] = bytes[i];
            }
        }
        return new String(result, 0, length, StandardCharsets.UTF_8);
    }

    private static boolean isOctal(final byte digit)
    {
        return digit >= '0' && digit <= '7';
    }

    private static Path real(final Path path)
    {
        try
        {
            return path.toRealPath();
        }
        catch (final IOException ex)
        {
            return path;
        }
    }

    private static List<Path> children(final Path directory)
    {
        final List<Path> children = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory))
        {
            stream.forEach(children::add);
        }
        catch (final IOException ex)
        {
            return List.of();
        }
        children.sort(null);
        return children;
    }

    private static String firstLine(final Path path)
    {
        final List<String> lines = lines(path);
        return lines.isEmpty() ? "" : lines.get(0);
    }

    private static List<String> lines(final Path path)
    {
        try
        {
            return new String(Files.readAllBytes(path), StandardCharsets.UTF_8).lines().toList();
        }
        catch (final IOException ex)
        {
            return List.of();
        }
    }
}
