package io.farblock.blockdev.linux;

import io.farblock.blockdev.DeviceException;
import io.farblock.blockdev.Errno;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds the file systems whose freezing stills a device: mounted on it, on its partitions, on whatever is stacked on
 * those (dm, md, ...), or on loop devices that an image file backs. One entry for each file system; one that is mounted
 * read-only as a whole needs no freeze and is left out.
 *
 * <p>Sees the mounts of its own name space, as they are at the moment; a file system that only a container has mounted
 * is not among them, nor one that uses the device only for its log. Stateless, thread safe, never on a hot path.
 */
public final class MountedFileSystems
{
    private final ProcSys system;
    private final DeviceUsage usage;

    /** Of the running system. */
    public MountedFileSystems()
    {
        this(Path.of("/"));
    }

    /** Of the system whose proc and sys directories lie under {@code root}. */
    MountedFileSystems(final Path root)
    {
        this.system = new ProcSys(root);
        this.usage = new DeviceUsage(root);
    }

    /**
     * The file systems on a block device or image file, the youngest mount first; empty when nothing is mounted.
     *
     * @throws DeviceException when the path leads to neither, it is in use as swap, or a file system on it cannot be
     *                         reached by any path.
     */
    public List<MountedFileSystem> on(final Path device) throws DeviceException
    {
        return on(List.of(device));
    }

    /**
     * The file systems on any of several, each once, the youngest mount first: a file system on an image is younger
     * than the one that holds the image, and must be frozen before it, since its own freeze writes there.
     *
     * @throws DeviceException as {@link #on(Path)}.
     */
    public List<MountedFileSystem> on(final List<Path> devices) throws DeviceException
    {
        final Map<String, Path> stacked = new LinkedHashMap<>();
        for (final Path device : devices)
        {
            for (final String start : startsOf(device))
            {
                addStacked(start, device, stacked);
            }
        }
        for (final Map.Entry<String, Path> each : stacked.entrySet())
        {
            if (system.isSwap(each.getKey()))
            {
                throw new DeviceException(Errno.EBUSY, "cannot still " + each.getValue() + ": " +
                    system.node(each.getKey()).getFileName() + " is in use as swap, which cannot be frozen; expected " +
                    "file systems only; swapoff it, or replicate only the partitions beside it");
            }
        }
        return reachable(stacked.keySet());
    }

    /** Whether a file or directory lies on that file system. */
    public boolean holds(final MountedFileSystem fileSystem, final Path path)
    {
        final long mount = FileStatus.of(path).mount();
        return system.mounts().stream()
            .anyMatch(each -> each.id() == mount && each.superblock().equals(fileSystem.superblock()));
    }

    private List<String> startsOf(final Path device) throws DeviceException
    {
        final FileStatus status = FileStatus.of(device);
        if (status.isBlockDevice())
        {
            return List.of(status.device());
        }
        if (status.isRegularFile())
        {
            return usage.loopsBackedBy(status).stream().map(ProcSys::deviceOf).toList();
        }
        throw new DeviceException(status.errno() == 0 ? Errno.ENOTBLK : status.errno(), "cannot look for the file " +
            "systems on " + device + ": it is " + (status.errno() == 0 ? status.type() : status.failure()) +
            "; expected a block device or an image file; check the path");
    }

    private void addStacked(final String device, final Path root, final Map<String, Path> stacked)
    {
        if (device.isEmpty() || stacked.putIfAbsent(device, root) != null)
        {
            return;
        }
        for (final Path partition : system.partitions(device))
        {
            addStacked(ProcSys.numberOf(partition), root, stacked);
        }
        for (final Path holder : system.holders(device))
        {
            addStacked(ProcSys.numberOf(holder), root, stacked);
        }
    }

    private List<MountedFileSystem> reachable(final Set<String> devices) throws DeviceException
    {
        final Set<String> siblings = btrfsSiblings(devices);
        final List<MountPoint> all = system.mounts();
        if (all.isEmpty())
        {
            // nothing found must never mean that nothing could be read, as in a thread that was interrupted
            throw new DeviceException(Errno.EIO, "cannot look for file systems: /proc/self/mountinfo cannot be read; " +
                "expected /proc to be mounted");
        }
        final Map<String, List<MountPoint>> bySuperblock = all.stream().filter(mount -> !mount.readOnly())
            .filter(mount -> isOnAny(mount, devices) || "btrfs".equals(mount.type()) && isOnAny(mount, siblings))
            .collect(Collectors.groupingBy(MountPoint::superblock, LinkedHashMap::new, Collectors.toList()));
        final List<MountedFileSystem> found = new ArrayList<>();
        for (final List<MountPoint> mounts : bySuperblock.values())
        {
            found.add(0, reachable(mounts));
        }
        return List.copyOf(found);
    }

    private static boolean isOnAny(final MountPoint mount, final Set<String> devices)
    {
        return devices.stream().anyMatch(mount::isOn);
    }

    /** All devices of each btrfs that has one of these: its mount names only one of them. */
    private Set<String> btrfsSiblings(final Set<String> devices)
    {
        final Set<String> siblings = new LinkedHashSet<>();
        system.btrfsDevices().stream().filter(all -> all.stream().anyMatch(devices::contains))
            .forEach(siblings::addAll);
        return siblings;
    }

    /** The first mount point of a file system that is a directory and leads to it, not to what was mounted over it. */
    private static MountedFileSystem reachable(final List<MountPoint> mounts) throws DeviceException
    {
        for (final MountPoint mount : mounts)
        {
            final FileStatus status = FileStatus.of(mount.path());
            if (status.mount() == mount.id() && status.isDirectory())
            {
                return new MountedFileSystem(
                    mount.superblock(), mount.id(), mount.path(), mount.type(), mount.source());
            }
        }
        final MountPoint hidden = mounts.get(0);
        throw new DeviceException(Errno.ENOENT, "cannot still the " + hidden.type() + " of " + hidden.source() +
            ": no path leads to it, something else is mounted over " + hidden.path() + "; expected a directory; " +
            "unmount what hides it, or mount it at a second place");
    }
}
