package io.farblock.blockdev.nbd;

import io.farblock.blockdev.DeviceException;
import io.farblock.blockdev.Errno;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The name of a unix socket in the file system. What a dead server left is removed; what a live one uses, or what is no
 * socket, is not touched. Used by the thread that starts and closes the server.
 */
final class UnixSocketFile
{
    /** {@code sockaddr_un.sun_path} on Linux, less its final zero. */
    private static final int LONGEST_PATH_BYTES = 107;
    private static final int TYPE_MASK = 0xf000;
    private static final int TYPE_SOCKET = 0xc000;

    private final Path path;
    private Object identity;

    UnixSocketFile(final Path path)
    {
        this.path = path;
    }

    /** Makes sure that the name can be bound. */
    void clear() throws DeviceException
    {
        final int length = path.toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > LONGEST_PATH_BYTES)
        {
            throw new DeviceException(Errno.ENAMETOOLONG, "cannot listen on unix:" + path + ": the path has " + length +
                " bytes, but a unix socket's may have " + LONGEST_PATH_BYTES + "; choose a shorter one");
        }
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS))
        {
            return;
        }
        try
        {
            if (((int)Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & TYPE_MASK) != TYPE_SOCKET)
            {
                throw new DeviceException(Errno.EEXIST, "cannot listen on unix:" + path +
                    ": something that is no socket is there; move it away or choose another path");
            }
            if (answers())
            {
                throw new DeviceException(Errno.EBUSY, "cannot listen on unix:" + path +
                    ": another server answers there; stop that one or choose another path");
            }
            Files.deleteIfExists(path);
        }
        catch (final DeviceException refused)
        {
            throw refused;
        }
        catch (final IOException failed)
        {
            throw new DeviceException(Errno.EACCES, "cannot listen on unix:" + path + ": what is there cannot be " +
                "looked at or removed: " + failed);
        }
    }

    /** After the bind: only this user may connect, and the file is remembered. */
    void claim() throws IOException
    {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        identity = Files.getAttribute(path, "unix:ino", LinkOption.NOFOLLOW_LINKS);
    }

    /** Removes the file that was claimed, and no other. */
    void remove()
    {
        try
        {
            if (identity != null && identity.equals(Files.getAttribute(path, "unix:ino", LinkOption.NOFOLLOW_LINKS)))
            {
                Files.deleteIfExists(path);
            }
        }
        catch (final IOException harmless)
        {
            // Somebody else removed it, or the next server takes it for what a dead one left, which it is.
        }
        identity = null;
    }

    private boolean answers() throws IOException
    {
        try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(path)))
        {
            return probe.isConnected();
        }
        catch (final ConnectException nobody)
        {
            return false;
        }
    }
}
