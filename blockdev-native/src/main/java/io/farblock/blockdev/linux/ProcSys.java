package io.farblock.blockdev.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What /proc and /sys say of mounts, swap and the relations of block devices, as they are at the moment. Devices are
 * named "major:minor", as {@link FileStatus#device()}. What cannot be read is left out. Stateless, thread safe, never
 * on a hot path.
 */
final class ProcSys
{
    private final Path proc;
    private final Path sys;

    /** Of the system whose proc and sys directories lie under {@code root}. */
    ProcSys(final Path root)
    {
        this.proc = root.resolve("proc");
        this.sys = root.resolve("sys");
    }

    /** What this process sees mounted, the oldest first. */
    List<MountPoint> mounts()
    {
        return lines(proc.resolve("self/mountinfo")).stream().map(MountPoint::parse).flatMap(Optional::stream).toList();
    }

    boolean isSwap(final String device)
    {
        for (final String line : lines(proc.resolve("swaps")))
        {
            final String path = line.split("\\s+")[0];
            if (path.startsWith("/") && device.equals(deviceOf(unescaped(path))))
            {
                return true;
            }
        }
        return false;
    }

    /** The directory of a device in sysfs; one that is not there has no children. */
    Path node(final String device)
    {
        final Path link = sys.resolve("dev/block").resolve(device);
        try
        {
            return link.toRealPath();
        }
        catch (final IOException ex)
        {
            return link;
        }
    }

    /** The directories of a disk's partitions. */
    List<Path> partitions(final String device)
    {
        return children(node(device)).stream().filter(child -> Files.exists(child.resolve("partition"))).toList();
    }

    /** The directories of the devices that are stacked on this one: dm, md, bcache. */
    List<Path> holders(final String device)
    {
        return children(node(device).resolve("holders"));
    }

    /** The directories of all disks and loop devices. */
    List<Path> disks()
    {
        return children(sys.resolve("block"));
    }

    /** The "major:minor" of a device's directory, or "". */
    static String numberOf(final Path node)
    {
        return firstLine(node.resolve("dev"));
    }

    /** For each btrfs that is known to the kernel, its devices. */
    List<List<String>> btrfsDevices()
    {
        return children(sys.resolve("fs/btrfs")).stream()
            .map(each -> children(each.resolve("devices")).stream().map(ProcSys::numberOf).toList())
            .filter(devices -> !devices.isEmpty()).toList();
    }

    List<String> locks()
    {
        return lines(proc.resolve("locks"));
    }

    /** What a process calls itself, or "". */
    String commandOf(final String process)
    {
        return firstLine(proc.resolve(process).resolve("comm"));
    }

    /** The "major:minor" that a device node stands for, or "". */
    static String deviceOf(final String path)
    {
        final FileStatus status = FileStatus.of(path);
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

    static String firstLine(final Path path)
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
