package io.farblock.blockdev.bpf;

import io.farblock.blockdev.Errno;
import io.farblock.blockdev.linux.NativeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A mounted bpffs and our directory in it, where programs, attachments and maps have names and so outlive us. Names
 * hold no dots: the kernel reserves them.
 *
 * <pre>
 *   /sys/fs/bpf/farblock/request_v1/    programs, attachments and shared maps for request-based disks
 *                        bio_v1/        the same for bio-based ones
 *                        volume_...     the map of a volume, by a digest of its name
 * </pre>
 *
 * Every change is made under a lock on the directory, so that an early attach at boot and a daemon that starts cannot
 * meet. Any thread.
 */
public final class BpfFileSystem
{
    /** Where systems mount it. */
    public static final Path DEFAULT = Path.of("/sys/fs/bpf");

    private static final String OURS = "farblock";

    private final Path directory;

    private BpfFileSystem(final Path directory)
    {
        this.directory = directory;
    }

    /**
     * Uses the bpffs that is mounted at a directory.
     *
     * @throws BpfException when none is mounted there.
     */
    public static BpfFileSystem at(final Path mountPoint) throws IOException
    {
        final String type = Files.isDirectory(mountPoint) ? Files.getFileStore(mountPoint).type() : "nothing";
        if (!"bpf".equals(type))
        {
            throw new BpfException(Errno.ENODEV, "found " + type + " at " + mountPoint + ", expected bpffs; run: " +
                "mount -t bpf bpf " + mountPoint);
        }
        final Path directory = mountPoint.resolve(OURS);
        Files.createDirectories(directory);
        return new BpfFileSystem(directory);
    }

    /** Whether something of ours is, or was, pinned below a directory. */
    public static boolean isUsed(final Path mountPoint)
    {
        return Files.isDirectory(mountPoint.resolve(OURS));
    }

    /** Waits for the lock; closing gives it back. */
    NativeFile lock() throws IOException
    {
        final NativeFile lock = NativeFile.open(directory, false);
        final int result = lock.lock();
        if (result < 0)
        {
            lock.close();
            throw BpfException.refused("lock " + directory, result);
        }
        return lock;
    }

    Path programs(final DeviceKind kind)
    {
        return directory.resolve((kind == DeviceKind.REQUEST ? "request_v" : "bio_v") +
            (Header.MAGIC_AND_VERSION & 0xffff));
    }

    Path volume(final UUID volume)
    {
        return directory.resolve("volume_" + volume.toString().replace("-", ""));
    }

    /** Removes a directory of pins; what nothing else refers to ends with it. */
    static void remove(final Path pins) throws IOException
    {
        if (Files.isDirectory(pins))
        {
            final List<Path> names;
            try (Stream<Path> entries = Files.list(pins))
            {
                names = entries.toList();
            }
            for (final Path name : names)
            {
                Files.delete(name);
            }
            Files.delete(pins);
        }
    }
}
