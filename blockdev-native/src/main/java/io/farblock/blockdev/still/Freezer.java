package io.farblock.blockdev.still;

import io.farblock.blockdev.DeviceException;
import io.farblock.blockdev.Errno;
import io.farblock.blockdev.linux.FileSystemHandle;
import io.farblock.blockdev.linux.MountedFileSystem;
import io.farblock.blockdev.linux.MountedFileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.NanoClock;

/**
 * Freezes the file systems on devices, all or none, and thaws them: in between the devices hold what an orderly
 * unmount would have left. A {@link ThawWatchdog} thaws when this process cannot.
 *
 * <p>Owned by one thread, with one {@link Frozen} at a time; groups that freeze at the same time have a freezer each.
 * On failure nothing stays frozen that this one froze, and nothing is thawed that somebody else froze.
 */
public final class Freezer implements AutoCloseable
{
    /** Where the watchdogs of a machine keep their markers. */
    public static final Path DIRECTORY = Path.of("/run/farblock");

    private final Path directory;
    private final List<Path> written;
    private final NanoClock clock;
    private final Opener opener;
    private final MountedFileSystems mounted = new MountedFileSystems();
    private final ThawWatchdog watchdog;
    /** In the order in which they were opened, the first {@link #frozen} of them frozen. */
    private final List<FileSystemHandle> handles = new ArrayList<>();
    private int frozen;
    private Frozen current;
    private long beginNs;
    private long pauseNs;

    /** How a file system is opened; tests put a kernel that refuses in its place. */
    @FunctionalInterface
    interface Opener
    {
        FileSystemHandle open(MountedFileSystem fileSystem) throws DeviceException;
    }

    /**
     * Starts nothing yet.
     *
     * @param directory for the watchdog's marker: not on a file system that is frozen, and best gone after a boot.
     */
    public Freezer(final Path directory, final NanoClock clock)
    {
        this(directory, List.of(), clock);
    }

    /**
     * The same for whoever writes while it keeps file systems frozen.
     *
     * @param written files and directories of its own: what holds one of them is not frozen.
     */
    public Freezer(final Path directory, final List<Path> written, final NanoClock clock)
    {
        this(directory, written, clock, MountedFileSystem::open);
    }

    Freezer(final Path directory, final List<Path> written, final NanoClock clock, final Opener opener)
    {
        this.directory = directory;
        this.written = List.copyOf(written);
        this.clock = clock;
        this.opener = opener;
        this.watchdog = new ThawWatchdog(directory, clock);
    }

    /**
     * Thaws what an earlier daemon left frozen that was killed together with its watchdog: at the daemon's start.
     *
     * @return the mount points that were thawed.
     */
    public static List<String> thawLeftOver(final Path directory) throws DeviceException
    {
        return ThawScript.thawLeftOver(directory);
    }

    /**
     * Writes out what is dirty on the devices' file systems and waits for it, while everybody goes on writing, so that
     * a freeze soon after has little left to flush. Takes as long as the devices need.
     *
     * @throws DeviceException when a file system cannot be found, opened or written.
     */
    public void settle(final List<Path> devices) throws DeviceException
    {
        for (final MountedFileSystem fileSystem : mounted.on(devices))
        {
            try (FileSystemHandle handle = opener.open(fileSystem))
            {
                final int result = handle.sync();
                if (result < 0)
                {
                    throw new DeviceException(result, "cannot write out the " + fileSystem + ": " +
                        Errno.describe(result) + "; what was written to it may be lost: see the kernel's log");
                }
            }
        }
    }

    /**
     * Freezes all file systems on these devices and image files, or none.
     *
     * @param limitNs after which the watchdog thaws, and {@link Frozen#thaw} will say so.
     * @throws DeviceException when one cannot be found or frozen; then none is.
     */
    public Frozen freeze(final List<Path> devices, final long limitNs) throws DeviceException
    {
        if (current != null)
        {
            throw new IllegalStateException("frozen already: " + current.fileSystems());
        }
        final List<MountedFileSystem> fileSystems = mounted.on(devices);
        requireElsewhere(fileSystems);
        try
        {
            for (final MountedFileSystem fileSystem : fileSystems)
            {
                handles.add(opener.open(fileSystem));
            }
            if (!fileSystems.isEmpty())
            {
                freezeAll(fileSystems, limitNs);
            }
            current = new Frozen(this, fileSystems);
            return current;
        }
        finally
        {
            if (current == null)
            {
                thaw();
            }
        }
    }

    /** Thaws in the opposite order, and lets the watchdog go. Whether all had been frozen until now. */
    boolean thaw()
    {
        boolean held = true;
        boolean stuck = false;
        final boolean any = !handles.isEmpty();
        for (int i = handles.size() - 1; i >= 0; i--)
        {
            final int result = i < frozen ? handles.get(i).thaw() : 0;
            held &= result >= 0;
            stuck |= result < 0 && result != -Errno.EINVAL;
        }
        frozen = 0;
        // the answer of the watchdog is waited for while everybody writes again
        pauseNs = any ? clock.nanoTime() - beginNs : 0;
        if (stuck)
        {
            // it is still frozen: the watchdog has means of its own to try
            watchdog.abandon();
        }
        else if (any)
        {
            held &= watchdog.release();
        }
        handles.forEach(FileSystemHandle::close);
        handles.clear();
        current = null;
        return held;
    }

    /** How long the last freeze was: from before its first system call until after the last thaw. */
    long pauseNs()
    {
        return pauseNs;
    }

    @Override
    public void close()
    {
        if (current != null)
        {
            current.close();
        }
        watchdog.close();
    }

    private void freezeAll(final List<MountedFileSystem> fileSystems, final long limitNs) throws DeviceException
    {
        final List<String> thawOrder = new ArrayList<>();
        fileSystems.forEach(each -> thawOrder.add(0, each.mountPoint()));
        // before the first freeze: a kill in between must find somebody who knows what to thaw
        watchdog.arm(thawOrder, limitNs);
        beginNs = clock.nanoTime();
        for (final FileSystemHandle handle : handles)
        {
            final int result = handle.freeze();
            if (result < 0)
            {
                final MountedFileSystem failed = fileSystems.get(frozen);
                // first of all: making a message may need what is frozen
                thaw();
                throw refusal(result, failed);
            }
            frozen++;
        }
        if (!watchdog.frozen())
        {
            thaw();
            throw new DeviceException(Errno.EIO, "nothing is frozen: the watchdog that thaws file systems when this " +
                "daemon dies was itself killed; expected process farblock-thaw-watchdog to live; try again");
        }
    }

    private static DeviceException refusal(final int errno, final MountedFileSystem fileSystem)
    {
        final String what = switch (-errno)
        {
            case Errno.EBUSY -> "somebody else has frozen it already; expected nobody; wait for them, or if nobody " +
                "is left who would thaw it, fsfreeze -u " + fileSystem.mountPoint();
            case Errno.EOPNOTSUPP -> "file systems of type " + fileSystem.type() + " cannot be frozen; expected " +
                "ext4, XFS, btrfs or the like; use mode stop or snapshot, or a hook";
            case Errno.EPERM -> "expected the capability CAP_SYS_ADMIN; run as root";
            default -> "expected it to be written out and frozen; see the kernel's log";
        };
        return new DeviceException(
            errno, "cannot freeze the " + fileSystem + ": " + Errno.describe(errno) + ": " + what);
    }

    private void requireElsewhere(final List<MountedFileSystem> fileSystems) throws DeviceException
    {
        // its watchdog would wait for the very file system that it is to thaw
        requireElsewhere(fileSystems, directory, "where the watchdog writes; expected that directory on another file " +
            "system, as /run is");
        for (final Path path : written)
        {
            // and its owner, until the watchdog thaws and all was in vain
            requireElsewhere(fileSystems, path, "where this daemon writes while it copies; expected that on another " +
                "file system; move it, or replicate with another consistency: stop, snapshot or live");
        }
    }

    private void requireElsewhere(final List<MountedFileSystem> fileSystems, final Path path, final String why)
        throws DeviceException
    {
        Path existing = path.toAbsolutePath();
        while (!Files.exists(existing))
        {
            existing = existing.getParent();
        }
        for (final MountedFileSystem fileSystem : fileSystems)
        {
            if (mounted.holds(fileSystem, existing))
            {
                throw new DeviceException(
                    Errno.EBUSY, "cannot freeze the " + fileSystem + ": it holds " + path + ", " + why);
            }
        }
    }
}
