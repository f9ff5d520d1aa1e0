package io.farblock.blockdev.linux;

import io.farblock.blockdev.DeviceException;
import io.farblock.blockdev.Errno;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Creates image files: sparse, readable by their owner only, and durable when {@link #create} returns. Never
 * overwrites; a file without a byte is none yet. On failure nothing is left behind. Runs on the calling thread.
 */
public final class ImageFile
{
    private ImageFile()
    {
    }

    /**
     * Creates a file of zeros that takes no space yet.
     *
     * @param sizeBytes a positive multiple of 512.
     * @throws DeviceException when it exists already, or cannot be made.
     */
    public static void create(final Path path, final long sizeBytes) throws DeviceException
    {
        create(path, sizeBytes, FileSync.KERNEL);
    }

    /** As the other one; {@code sync} makes it durable. */
    public static void create(final Path path, final long sizeBytes, final FileSync sync) throws DeviceException
    {
        NativeSelfTest.verify();
        if (sizeBytes <= 0 || sizeBytes % 512 != 0)
        {
            throw failure(Errno.EINVAL, path, "the size is " + sizeBytes + " bytes", "a positive multiple of 512");
        }
        int fd = LinuxCalls.open(
            path.toString(), LinuxCalls.O_RDWR | LinuxCalls.O_CREAT | LinuxCalls.O_EXCL, 0600);
        if (fd == -Errno.EEXIST && isUnfinished(path))
        {
            fd = LinuxCalls.open(path.toString(), LinuxCalls.O_RDWR, 0);
        }
        if (fd == -Errno.EEXIST)
        {
            throw failure(fd, path, "it exists already", "a new path; images are never overwritten");
        }
        if (fd < 0)
        {
            throw failure(fd, path, Errno.describe(fd), "a directory that exists and may be written");
        }
        int result = LinuxCalls.ftruncate(fd, sizeBytes);
        try (NativeFile file = new NativeFile(path, fd))
        {
            if (result >= 0)
            {
                // after a power cut the file must still have its size: it is what the geometry is made from
                result = sync.fsync(file);
            }
        }
        if (result >= 0)
        {
            // after a power cut the name must still be there, or a replica that was acknowledged is gone
            result = sync.fsyncDirectory(path.toAbsolutePath().getParent());
        }
        if (result < 0)
        {
            remove(path);
            throw failure(result, path, Errno.describe(result), "a file system that takes a file of " + sizeBytes +
                " bytes");
        }
    }

    /** Whether this is what a power cut may leave of a file that was being created: its name, and no byte. */
    public static boolean isUnfinished(final Path path)
    {
        final FileStatus status = FileStatus.of(path);
        return status.errno() == 0 && status.isRegularFile() && status.sizeBytes() == 0;
    }

    private static void remove(final Path path)
    {
        try
        {
            Files.deleteIfExists(path);
        }
        catch (final IOException ex)
        {
            // the reason why it could not be created is the better message; it is thrown next
            return;
        }
    }

    private static DeviceException failure(final int errno, final Path path, final String found, final String expected)
    {
        return new DeviceException(
            errno, "cannot create the image file " + path + ": " + found + "; expected " + expected);
    }
}
