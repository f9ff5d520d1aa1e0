package io.farblock.blockdev.still;

import io.farblock.blockdev.DeviceException;
import io.farblock.blockdev.Errno;
import io.farblock.blockdev.linux.NativeFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;

/**
 * A clone of an image file that shares its extents: the image as it was at one instant, made in a moment, and kept
 * while the image goes on changing. Works where the file system can (XFS, btrfs). It is deleted when it is closed.
 *
 * <p>It lies beside the image, as {@code .NAME.farblock-snapshot}, marked by an extended attribute and locked by its
 * process. One that is marked and not locked was left by a process that died, and goes when the next is made; a file of
 * that name without the mark is somebody's, and refused. Owned by one thread; idempotent close.
 */
public final class Reflink implements AutoCloseable
{
    private static final String SUFFIX = ".farblock-snapshot";
    private static final String MARK = "farblock.snapshot";

    private final Path path;
    private final NativeFile file;
    private boolean closed;

    private Reflink(final Path path, final NativeFile file)
    {
        this.path = path;
        this.file = file;
    }

    /**
     * Clones an image.
     *
     * @throws DeviceException when the file system cannot, another process has a clone of the image, or the name of the
     *                         clone is taken.
     */
    public static Reflink of(final Path image) throws DeviceException
    {
        final Path path;
        try (NativeFile original = NativeFile.open(image, false))
        {
            // beside the file itself: a link to it may lie on another file system
            final Path real = image.toRealPath();
            path = real.resolveSibling("." + real.getFileName() + SUFFIX);
            removeStale(path);
            return clone(original, path);
        }
        catch (final DeviceException ex)
        {
            throw ex;
        }
        catch (final IOException ex)
        {
            throw new DeviceException(Errno.EIO, "cannot make a snapshot of " + image + ": " + ex + "; expected its " +
                "directory to take a file");
        }
    }

    /** What to read from. */
    public Path path()
    {
        return path;
    }

    @Override
    public void close()
    {
        if (!closed)
        {
            closed = true;
            discard(path, file);
        }
    }

    private static Reflink clone(final NativeFile original, final Path path) throws IOException
    {
        try
        {
            Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        catch (final FileAlreadyExistsException ex)
        {
            throw inUse(path);
        }
        final NativeFile file;
        try
        {
            file = NativeFile.open(path, true);
        }
        catch (final DeviceException ex)
        {
            Files.deleteIfExists(path);
            throw ex;
        }
        boolean cloned = false;
        try
        {
            // before it has content: a file that has some and no mark is never deleted
            mark(path);
            final int locked = file.tryLock();
            if (locked < 0)
            {
                throw inUse(path);
            }
            final int result = file.cloneOf(original);
            if (result < 0)
            {
                throw refusal(result, original.path(), path);
            }
            cloned = true;
            return new Reflink(path, file);
        }
        finally
        {
            if (!cloned)
            {
                discard(path, file);
            }
        }
    }

    private static void removeStale(final Path path) throws IOException
    {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS))
        {
            return;
        }
        final boolean regular = Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
        // an empty one has lost its process before it was marked, and holds nothing
        if (!regular || !isMarked(path) && Files.size(path) > 0)
        {
            throw new DeviceException(Errno.EEXIST, "cannot make the snapshot " + path + ": there is a file of that " +
                "name which is none of Farblock's snapshots; expected the name to be free; move it away");
        }
        try (NativeFile stale = NativeFile.open(path, true))
        {
            if (stale.tryLock() < 0)
            {
                throw inUse(path);
            }
            Files.deleteIfExists(path);
        }
    }

    private static void mark(final Path path) throws IOException
    {
        attributes(path).write(MARK, ByteBuffer.wrap(new byte[]{'1'}));
    }

    private static boolean isMarked(final Path path) throws IOException
    {
        return attributes(path).list().contains(MARK);
    }

    private static UserDefinedFileAttributeView attributes(final Path path)
    {
        return Files.getFileAttributeView(path, UserDefinedFileAttributeView.class);
    }

    /** The name goes before the lock, or another would take the file for left over and lose its own to this. */
    private static void discard(final Path path, final NativeFile file)
    {
        try
        {
            Files.deleteIfExists(path);
        }
        catch (final IOException ex)
        {
            // it stays as if this process had died: marked, and removed by the next
            return;
        }
        finally
        {
            file.close();
        }
    }

    private static DeviceException inUse(final Path path)
    {
        return new DeviceException(Errno.EBUSY, "cannot make the snapshot " + path + ": another process has one; " +
            "expected one reader of an image at a time; is the image in two groups, or a second daemon running?");
    }

    private static DeviceException refusal(final int errno, final Path image, final Path path) throws IOException
    {
        final String type = Files.getFileStore(image).type();
        final String what = switch (-errno)
        {
            case Errno.EOPNOTSUPP, Errno.ENOTTY, Errno.ENOSYS -> "a file system of type " + type + " cannot share " +
                "extents; expected XFS (made with reflink=1) or btrfs; move the image there, or use mode suspend";
            case Errno.EXDEV -> "image and snapshot lie on different " + type + " mounts; expected one; mount the " +
                "directory, not the file";
            case Errno.EINVAL -> "expected an image that shares extents; on btrfs one with the attribute C (chattr " +
                "+C) needs a directory with that attribute, and swap files cannot be cloned";
            default -> "expected the " + type + " file system to clone it; see the kernel's log";
        };
        return new DeviceException(
            errno, "cannot make the snapshot " + path + " of " + image + ": " + Errno.describe(errno) + ": " + what);
    }
}
