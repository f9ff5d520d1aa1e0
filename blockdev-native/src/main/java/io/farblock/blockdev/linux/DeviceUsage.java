package io.farblock.blockdev.linux;

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
    private final ProcSys system;

    /** Of the running system. */
    public DeviceUsage()
    {
        this(Path.of("/"));
    }

    /** Of the system whose proc and sys directories lie under {@code root}. */
    DeviceUsage(final Path root)
    {
        this.system = new ProcSys(root);
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
        for (final Path partition : system.partitions(device))
        {
            addUsers(ProcSys.numberOf(partition), "its partition " + partition.getFileName() + " is ", users);
        }
        final Path node = system.node(device);
        if (Files.exists(node.resolve("partition")) && node.getParent() != null)
        {
            addUsers(ProcSys.numberOf(node.getParent()), "its disk " + node.getParent().getFileName() + " is ", users);
        }
        return List.copyOf(users);
    }

    /** The loop devices that are backed by a file: "/dev/loop0". */
    public List<String> loopsBackedBy(final FileStatus file)
    {
        final List<String> loops = new ArrayList<>();
        for (final Path disk : system.disks())
        {
            final String backing = ProcSys.firstLine(disk.resolve("loop/backing_file"));
            if (!backing.isEmpty() && FileStatus.of(backing).isSameFile(file))
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
        for (final String line : system.locks())
        {
            // 1: FLOCK  ADVISORY  WRITE 4711 fe:00:131 0 EOF
            final String[] fields = line.trim().split("\\s+");
            if (fields.length >= 6 && "FLOCK".equals(fields[1]) && wanted.equals(fields[5]))
            {
                final String name = system.commandOf(fields[4]);
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
        for (final MountPoint mount : system.mounts())
        {
            if (mount.isOn(device))
            {
                users.add(prefix + "mounted at " + mount.path() + " (" + mount.type() + ")");
            }
        }
        if (system.isSwap(device))
        {
            users.add(prefix + "in use as swap");
        }
        for (final Path holder : system.holders(device))
        {
            users.add(prefix + "held by /dev/" + holder.getFileName());
        }
    }
}
