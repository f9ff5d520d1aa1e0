package io.farblock.blockdev.linux;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.DeviceException;
import io.farblock.blockdev.Errno;
import io.farblock.blockdev.Geometry;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.agrona.BufferUtil;

/**
 * A block device or image file of this machine. Bytes go between it and the caller's memory without a copy.
 *
 * <p>As thread safe as {@link BlockDevice} promises; zero and discard of a block device run one at a time, since they
 * share one piece of argument memory. Nothing is allocated per call. Ranges are not checked here: put a
 * {@link io.farblock.blockdev.CheckedBlockDevice} around it.
 *
 * <p>A failed flush is final: the kernel has dropped the pages that it could not write and says "no error" the next
 * time, so this device repeats the first failure for as long as it is open.
 */
public final class LinuxBlockDevice implements BlockDevice
{
    private static final int PUNCH_HOLE = LinuxCalls.FALLOC_FL_PUNCH_HOLE | LinuxCalls.FALLOC_FL_KEEP_SIZE;
    private static final int ZERO_RANGE = LinuxCalls.FALLOC_FL_ZERO_RANGE | LinuxCalls.FALLOC_FL_KEEP_SIZE;

    private final String name;
    private final Geometry geometry;
    private final FileStatus status;
    private final boolean direct;
    private final boolean writable;
    private final ByteBuffer range = AlignedBuffers.allocate(16).order(ByteOrder.nativeOrder());
    private volatile int fd;
    private volatile int flushFailure;

    LinuxBlockDevice(final String name, final int fd, final Geometry geometry, final FileStatus status,
        final boolean direct, final boolean writable)
    {
        this.name = name;
        this.fd = fd;
        this.geometry = geometry;
        this.status = status;
        this.direct = direct;
        this.writable = writable;
    }

    /**
     * Opens a block device or an image file.
     *
     * @throws DeviceException when that is not possible; it names the reason, and for a device in use, by whom.
     */
    public static LinuxBlockDevice open(final Path path, final OpenMode mode) throws DeviceException
    {
        return new Opening(path, mode).open();
    }

    /** Whether transfers go past the page cache; false where the file system cannot, also if it was asked for. */
    public boolean direct()
    {
        return direct;
    }

    /** What was found when it was opened: type, device number, identity. */
    public FileStatus status()
    {
        return status;
    }

    @Override
    public Geometry geometry()
    {
        return geometry;
    }

    @Override
    public int read(final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
    {
        try
        {
            return LinuxCalls.readFully(fd, BufferUtil.address(buffer) + index, lengthBytes, offsetBytes);
        }
        finally
        {
            // the call knows only the address: without this the collector may free the memory under it
            Reference.reachabilityFence(buffer);
        }
    }

    @Override
    public int write(final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
    {
        if (!writable)
        {
            return -Errno.EROFS;
        }
        try
        {
            return LinuxCalls.writeFully(fd, BufferUtil.address(buffer) + index, lengthBytes, offsetBytes);
        }
        finally
        {
            // the call knows only the address: without this the collector may free the memory under it
            Reference.reachabilityFence(buffer);
        }
    }

    /** Gives the space back where that is sure to read as zeros, else lets the device write zeros, else writes them. */
    @Override
    public int zero(final long offsetBytes, final long lengthBytes)
    {
        if (!writable)
        {
            return -Errno.EROFS;
        }
        if (lengthBytes == 0)
        {
            return 0;
        }
        int result = LinuxCalls.fallocate(fd, PUNCH_HOLE, offsetBytes, lengthBytes);
        if (isUnsupported(result))
        {
            result = status.isBlockDevice() ?
                rangeRequest(LinuxCalls.BLKZEROOUT, offsetBytes, lengthBytes) :
                LinuxCalls.fallocate(fd, ZERO_RANGE, offsetBytes, lengthBytes);
        }
        return isUnsupported(result) ? writeZeros(offsetBytes, lengthBytes) : result;
    }

    @Override
    public int discard(final long offsetBytes, final long lengthBytes)
    {
        if (!writable)
        {
            return -Errno.EROFS;
        }
        if (lengthBytes == 0)
        {
            return 0;
        }
        final int result = status.isBlockDevice() ?
            rangeRequest(LinuxCalls.BLKDISCARD, offsetBytes, lengthBytes) :
            LinuxCalls.fallocate(fd, PUNCH_HOLE, offsetBytes, lengthBytes);
        return isUnsupported(result) ? -Errno.EOPNOTSUPP : result;
    }

    @Override
    public int flush()
    {
        // a power cut after this returned must not lose a write that came before; also for O_DIRECT, which leaves
        // data in the disk's own cache and a file's new extents in memory
        final int result = LinuxCalls.fdatasync(fd);
        if (result < 0 && flushFailure == 0)
        {
            flushFailure = result;
        }
        return flushFailure;
    }

    @Override
    public long nextData(final long offsetBytes)
    {
        if (status.isBlockDevice())
        {
            return offsetBytes;
        }
        final long found = LinuxCalls.lseek(fd, offsetBytes, LinuxCalls.SEEK_DATA);
        if (found == -Errno.ENXIO)
        {
            return geometry.sizeBytes();
        }
        if (isUnsupported(found) || found == -Errno.EINVAL)
        {
            return offsetBytes;
        }
        // a sector that holds any data is data, so its start is rounded down
        return found < 0 ? found : Math.min(found & -geometry.sectorBytes(), geometry.sizeBytes());
    }

    @Override
    public long nextHole(final long offsetBytes)
    {
        final long size = geometry.sizeBytes();
        if (status.isBlockDevice())
        {
            return size;
        }
        final long found = LinuxCalls.lseek(fd, offsetBytes, LinuxCalls.SEEK_HOLE);
        if (found == -Errno.ENXIO || isUnsupported(found) || found == -Errno.EINVAL)
        {
            return size;
        }
        final int sector = geometry.sectorBytes();
        // a sector that holds any data is data, so the hole begins with the next one
        return found < 0 ? found : Math.min((found + sector - 1) & -sector, size);
    }

    @Override
    public String name()
    {
        return name;
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

    private int rangeRequest(final long request, final long offsetBytes, final long lengthBytes)
    {
        synchronized (range)
        {
            range.putLong(0, offsetBytes);
            range.putLong(8, lengthBytes);
            return LinuxCalls.ioctl(fd, request, BufferUtil.address(range));
        }
    }

    private int writeZeros(final long offsetBytes, final long lengthBytes)
    {
        final int chunk = Zeros.MEMORY.capacity();
        for (long done = 0; done < lengthBytes; done += chunk)
        {
            final int result =
                write(offsetBytes + done, Zeros.MEMORY, 0, (int)Math.min(chunk, lengthBytes - done));
            if (result < 0)
            {
                return result;
            }
        }
        return 0;
    }

    private static boolean isUnsupported(final long result)
    {
        return result == -Errno.EOPNOTSUPP || result == -Errno.ENOSYS || result == -Errno.ENOTTY;
    }

    /** What is written where no call makes zeros; allocated with the first use, shared, never changed. Any thread. */
    private static final class Zeros
    {
        static final ByteBuffer MEMORY = AlignedBuffers.allocate(1024 * 1024);
    }
}
