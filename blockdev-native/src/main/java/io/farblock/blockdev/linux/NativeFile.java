package io.farblock.blockdev.linux;

import io.farblock.blockdev.DeviceException;
import io.farblock.blockdev.Errno;
import java.nio.file.Path;

/**
 * A descriptor of its own on a file that something else writes (a memory-mapped journal, a pack), for the calls that
 * Java lacks. Every call returns {@code >= 0} or {@code -errno}; only opening throws.
 *
 * <p>Thread safe, except that close must come last; idempotent close. A failed {@link #fdatasync()} is for the caller
 * to treat as final: the kernel has forgotten the pages that it could not write.
 */
public final class NativeFile implements AutoCloseable
{
    private final Path path;
    private volatile int fd;

    /** Takes the descriptor over. */
    NativeFile(final Path path, final int fd)
    {
        this.path = path;
        this.fd = fd;
    }

    /**
     * Opens an existing file.
     *
     * @param writable needed for {@link #allocate}.
     * @throws DeviceException when that is not possible.
     */
    public static NativeFile open(final Path path, final boolean writable) throws DeviceException
    {
        NativeSelfTest.verify();
        final int fd = LinuxCalls.open(
            path.toString(), writable ? LinuxCalls.O_RDWR : LinuxCalls.O_RDONLY, 0);
        if (fd < 0)
        {
            throw new DeviceException(fd, "cannot open the file " + path + ": " + Errno.describe(fd) +
                "; expected an existing file that may be " + (writable ? "written" : "read") + "; check the path");
        }
        return new NativeFile(path, fd);
    }

    /** Makes everything written to the file durable, pages written through a mapping of it included. */
    public int fdatasync()
    {
        return LinuxCalls.fdatasync(fd);
    }

    /** As {@link #fdatasync()}, and what is known of the file besides its content. */
    public int fsync()
    {
        return LinuxCalls.fsync(fd);
    }

    /** The first byte at or after {@code offsetBytes} that is not in a hole; {@code -ENXIO} when only holes follow. */
    public long nextData(final long offsetBytes)
    {
        return LinuxCalls.lseek(fd, offsetBytes, LinuxCalls.SEEK_DATA);
    }

    /** The first byte at or after {@code offsetBytes} that is in a hole, which the end of the file is. */
    public long nextHole(final long offsetBytes)
    {
        return LinuxCalls.lseek(fd, offsetBytes, LinuxCalls.SEEK_HOLE);
    }

    /** Reserves space without changing the file's size, so that later writes into the range cannot meet a full disk. */
    public int allocate(final long offsetBytes, final long lengthBytes)
    {
        return LinuxCalls.fallocate(fd, LinuxCalls.FALLOC_FL_KEEP_SIZE, offsetBytes, lengthBytes);
    }

    /**
     * Starts to write the dirty pages of the range and does not wait, so that a later {@link #fdatasync()} has less to
     * do. Makes nothing durable. A length of 0 means to the end of the file.
     */
    public int startWriteback(final long offsetBytes, final long lengthBytes)
    {
        return LinuxCalls.syncFileRange(fd, offsetBytes, lengthBytes, LinuxCalls.SYNC_FILE_RANGE_WRITE);
    }

    /**
     * Takes an exclusive lock that ends with {@link #close} or the process, so it cannot outlive a crash. Waits.
     *
     * @return 0, or -errno.
     */
    public int lock()
    {
        return LinuxCalls.flock(fd, LinuxCalls.LOCK_EX);
    }

    /**
     * The same without waiting.
     *
     * @return 0, or -errno; {@code -EAGAIN} when another has the lock.
     */
    public int tryLock()
    {
        return LinuxCalls.flock(fd, LinuxCalls.LOCK_EX_NB);
    }

    /**
     * Makes this file a copy of another that shares its extents, as that file is at one instant.
     *
     * @return 0, or -errno; {@code -EOPNOTSUPP} where the file system cannot, {@code -EXDEV} between two of them.
     */
    public int cloneOf(final NativeFile original)
    {
        return LinuxCalls.ioctl(fd, LinuxCalls.FICLONE, original.fd);
    }

    public Path path()
    {
        return path;
    }

    @Override
    public void close()
    {
        if (fd >= 0)
        {
            final int closing = fd;
            // later calls get EBADF, not whatever is opened next under the same number
            fd = -1;
            LinuxCalls.unlockAndClose(closing);
        }
    }

    /**
     * Makes the names in a directory durable: after a power cut a file that was created or renamed in it is found.
     *
     * @return 0, or -errno.
     */
    public static int fsyncDirectory(final Path directory)
    {
        NativeSelfTest.verify();
        final int fd = LinuxCalls.open(directory.toString(), LinuxCalls.O_RDONLY, 0);
        if (fd < 0)
        {
            return fd;
        }
        // without it a power cut can take back the name of a file whose data are on disk
        final int result = LinuxCalls.fsync(fd);
        LinuxCalls.close(fd);
        return result;
    }
}
