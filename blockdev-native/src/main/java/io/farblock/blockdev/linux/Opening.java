package io.farblock.blockdev.linux;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.DeviceException;
import io.farblock.blockdev.Errno;
import io.farblock.blockdev.Geometry;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.agrona.BufferUtil;

/**
 * One attempt to open a device: the steps in order, and a message for each way to fail. It owns the descriptor until
 * it has succeeded and closes it on every failure. One thread, used once.
 */
final class Opening
{
    private final Path path;
    private final OpenMode mode;
    private final DeviceUsage usage = new DeviceUsage();

    private int fd = -1;
    private FileStatus status;
    private Geometry geometry;
    private boolean direct;

    Opening(final Path path, final OpenMode mode)
    {
        this.path = path;
        this.mode = mode;
    }

    LinuxBlockDevice open() throws DeviceException
    {
        NativeSelfTest.verify();
        try
        {
            openDescriptor();
            if (mode.exclusive() && status.isRegularFile())
            {
                claimFile();
            }
            geometry = status.isBlockDevice() ? deviceGeometry() : fileGeometry();
            final LinuxBlockDevice device =
                new LinuxBlockDevice(path.toString(), fd, geometry, status, direct, mode.writable());
            fd = -1;
            return device;
        }
        finally
        {
            if (fd >= 0)
            {
                LinuxCalls.close(fd);
            }
        }
    }

    private void openDescriptor() throws DeviceException
    {
        // the type is looked at before open: opening a pipe waits, opening a tape or a terminal does things to it
        final FileStatus before = FileStatus.of(path);
        checkType(before);
        final int access = mode.writable() ? LinuxCalls.O_RDWR : LinuxCalls.O_RDONLY;
        final int flags = access | LinuxCalls.O_NONBLOCK |
            (mode.exclusive() && status.isBlockDevice() ? LinuxCalls.O_EXCL : 0);
        direct = mode.direct();
        fd = LinuxCalls.open(path.toString(), flags | (direct ? LinuxCalls.O_DIRECT : 0), 0);
        if (fd == -Errno.EINVAL && direct)
        {
            direct = false;
            fd = LinuxCalls.open(path.toString(), flags, 0);
        }
        if (fd < 0)
        {
            throw refused(fd);
        }
        LinuxCalls.clearFlags(fd, LinuxCalls.O_NONBLOCK);
        checkType(FileStatus.of(fd));
        if (!status.isSameFile(before))
        {
            // otherwise a device could slip in that was opened with the flags of a file, that is, not exclusively
            throw failure(Errno.EAGAIN, "it was replaced meanwhile", "the same file before and after", "try again");
        }
    }

    private void checkType(final FileStatus found) throws DeviceException
    {
        status = found;
        if (found.errno() != 0)
        {
            throw refused(-found.errno());
        }
        if (!found.isBlockDevice() && !found.isRegularFile())
        {
            final int errno = "a directory".equals(found.type()) ? Errno.EISDIR : Errno.ENOTBLK;
            throw failure(errno, "it is " + found.type(), "a block device or an image file",
                "check the path");
        }
    }

    /**
     * A file has no O_EXCL, so two things stand for it: no loop device may be backed by it, since that device would
     * not see our writes nor we its; and a lock, which ends with the descriptor and so cannot outlive a crash, keeps
     * a second daemon away.
     */
    private void claimFile() throws DeviceException
    {
        final List<String> loops = usage.loopsBackedBy(status);
        if (!loops.isEmpty())
        {
            throw failure(Errno.EBUSY, "it is the backing file of " + String.join(", ", loops),
                "a file that nothing else uses", "detach it (losetup -d " + loops.get(0) + "), or open " +
                loops.get(0) + " instead");
        }
        final int result = LinuxCalls.flock(fd, LinuxCalls.LOCK_EX_NB);
        if (result == -Errno.EAGAIN)
        {
            final List<String> lockers = usage.lockersOf(status);
            throw failure(Errno.EBUSY, "it is locked by " +
                (lockers.isEmpty() ? "a process that cannot be seen from here" : String.join(", ", lockers)),
                "a file that nothing else uses", "stop that process, or choose another file");
        }
        if (result < 0)
        {
            throw failure(-result, "it cannot be locked: " + Errno.describe(result),
                "a file system with file locks", "keep the image on a local file system");
        }
    }

    private Geometry deviceGeometry() throws DeviceException
    {
        if (mode.writable() && ask(LinuxCalls.BLKROGET, 4) != 0)
        {
            throw refused(-Errno.EROFS);
        }
        final long size = ask(LinuxCalls.BLKGETSIZE64, 8);
        final int sector = (int)ask(LinuxCalls.BLKSSZGET, 4);
        checkSize(size, sector);
        direct = direct && probe(sector);
        if (!direct)
        {
            return bufferedGeometry(size, sector);
        }
        return directGeometry(size, sector);
    }

    private Geometry fileGeometry() throws DeviceException
    {
        final long size = status.sizeBytes();
        checkSize(size, 512);
        final int sector = Math.max(512, status.directKnown() ? status.directOffsetBytes() : diskSectorBytes());
        final boolean refused = status.directKnown() && status.directOffsetBytes() == 0;
        // a file that is no multiple of the disk's sector could not be read to its end past the page cache
        direct = direct && !refused && size % sector == 0 && probe(sector);
        if (!direct)
        {
            return bufferedGeometry(size, 512);
        }
        return directGeometry(size, sector);
    }

    private Geometry directGeometry(final long size, final int sector)
    {
        // where the kernel does not tell, a page satisfies every driver and file system
        final int memory = status.directKnown() && status.directMemoryBytes() > 0 ?
            status.directMemoryBytes() : AlignedBuffers.PAGE_BYTES;
        return new Geometry(size, sector, Math.max(512, memory));
    }

    private Geometry bufferedGeometry(final long size, final int sector)
    {
        LinuxCalls.clearFlags(fd, LinuxCalls.O_DIRECT);
        return new Geometry(size, sector, 1);
    }

    /** Unknown (no single disk below, or none at all) is a page: larger than need be, and never refused. */
    private int diskSectorBytes()
    {
        final Path node = Path.of("/sys/dev/block").resolve(status.fileSystem());
        for (final String queue : List.of("queue", "../queue"))
        {
            try
            {
                return Integer.parseInt(
                    Files.readString(node.toRealPath().resolve(queue).resolve("logical_block_size")).trim());
            }
            catch (final IOException | NumberFormatException ex)
            {
                continue;
            }
        }
        return AlignedBuffers.PAGE_BYTES;
    }

    private void checkSize(final long size, final int sector) throws DeviceException
    {
        if (size == 0)
        {
            throw failure(Errno.EINVAL, "its size is 0 bytes", "at least one sector of " + sector + " bytes",
                status.isBlockDevice() ? "check that a medium or backing file is attached" : "give the file its size");
        }
        if (size % sector != 0)
        {
            throw failure(Errno.EINVAL, "its size is " + size + " bytes", "a multiple of " + sector,
                "grow it to " + (size / sector + 1) * sector + " bytes" +
                (status.isBlockDevice() ? "" : " (truncate -s)"));
        }
    }

    /** Reads the first sector as direct I/O would; only "that alignment is not possible" makes it fail. */
    private boolean probe(final int sector)
    {
        final ByteBuffer memory = AlignedBuffers.allocate(sector);
        try
        {
            return LinuxCalls.readFully(fd, BufferUtil.address(memory), sector, 0) != -Errno.EINVAL;
        }
        finally
        {
            // the call knows only the address: without this the collector may free the memory under it
            Reference.reachabilityFence(memory);
        }
    }

    private long ask(final long request, final int resultBytes) throws DeviceException
    {
        final ByteBuffer memory = AlignedBuffers.allocate(8).order(ByteOrder.nativeOrder());
        try
        {
            final int result = LinuxCalls.ioctl(fd, request, BufferUtil.address(memory));
            if (result < 0)
            {
                throw failure(-result, "ioctl 0x" + Long.toHexString(request) + " says " + Errno.describe(result),
                    "a block device that tells its size", "check the device");
            }
            return resultBytes == 8 ? memory.getLong(0) : memory.getInt(0);
        }
        finally
        {
            // the call knows only the address: without this the collector may free the memory under it
            Reference.reachabilityFence(memory);
        }
    }

    private DeviceException refused(final int result)
    {
        final String found = Errno.describe(result);
        return switch (-result)
        {
            case Errno.ENOENT, Errno.ENOTDIR -> failure(-result, found, "a block device or an image file",
                "check the path, or create the image first");
            case Errno.EACCES, Errno.EPERM -> failure(-result, found + " for user " + System.getProperty("user.name"),
                "permission to " + (mode.writable() ? "read and write" : "read") + " it",
                "give the user or its group access");
            case Errno.EROFS -> failure(-result, "it is read-only", "a writable device",
                "make it writable (blockdev --setrw, or mount -o remount,rw), or open it for reading");
            case Errno.EBUSY -> failure(-result, users(), "a device that nothing else uses",
                "release it, or choose another device");
            case Errno.ETXTBSY -> failure(-result, "it is in use as swap or as a running program",
                "a file that nothing else uses", "release it, or choose another file");
            case Errno.ENXIO, Errno.ENODEV, Errno.ENOMEDIUM -> failure(-result, found + ": no device behind the node",
                "a device that is there", "attach the device, or check the path");
            default -> failure(-result, found, "a block device or an image file",
                "check the device and the kernel log");
        };
    }

    private String users()
    {
        final List<String> users = usage.usersOf(status.device());
        return users.isEmpty() ?
            "it is in use, by something that cannot be seen from here (another program that has it open " +
            "exclusively, or a mount in another namespace)" : "it is " + String.join(", ", users);
    }

    private DeviceException failure(final int errno, final String found, final String expected, final String advice)
    {
        return new DeviceException(errno, "cannot open " + path + " " + mode.purpose() + ": " + found +
            "; expected " + expected + "; " + advice);
    }
}
