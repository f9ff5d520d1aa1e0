package io.farblock.daemon.control;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The listening socket and the right to it: a lock on a file beside it, held until close. What a dead daemon left is
 * replaced; what a live one uses, or what is no socket at all, is not touched. Owned by the daemon that claimed it.
 */
public final class ControlSocket implements AutoCloseable
{
    /** {@code sockaddr_un.sun_path} on Linux, less its final zero. */
    private static final int LONGEST_PATH_BYTES = 107;

    private final Path path;
    private final FileChannel lockFile;
    private final ServerSocketChannel channel;

    private ControlSocket(final Path path, final FileChannel lockFile, final ServerSocketChannel channel)
    {
        this.path = path;
        this.lockFile = lockFile;
        this.channel = channel;
    }

    /**
     * Takes the path, or throws.
     *
     * @throws AlreadyRunningException when a live daemon has it.
     * @throws IllegalStateException   when it cannot be used.
     */
    public static ControlSocket claim(final Path path)
    {
        if (path.toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_PATH_BYTES)
        {
            throw new IllegalStateException("control socket " + path + ": longer than a unix socket's path may be ("
                + LONGEST_PATH_BYTES + " bytes); choose a shorter one with control = \"...\"");
        }
        FileChannel lockFile = null;
        try
        {
            if (path.getParent() != null)
            {
                Files.createDirectories(path.getParent());
            }
            lockFile = FileChannel.open(Path.of(path + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            // The lock comes before the look at the socket: of two copies that start at once, one gets no further.
            if (!locked(lockFile) || answers(path))
            {
                throw new AlreadyRunningException("control socket " + path
                    + ": another farblock daemon is running on it; stop that one, or give this one another"
                    + " control = \"...\" and state = \"...\"");
            }
            removeStale(path);
            return new ControlSocket(path, lockFile, bound(path));
        }
        catch (final IOException failed)
        {
            closeQuietly(lockFile);
            throw new IllegalStateException("control socket " + path + " cannot be made: " + failed, failed);
        }
        catch (final RuntimeException refused)
        {
            closeQuietly(lockFile);
            throw refused;
        }
    }

    ServerSocketChannel channel()
    {
        return channel;
    }

    Path path()
    {
        return path;
    }

    /** Stops listening, removes the socket, then gives up the lock: in this order nobody else's socket is removed. */
    @Override
    public void close()
    {
        if (channel.isOpen())
        {
            closeQuietly(channel);
            try
            {
                Files.deleteIfExists(path);
            }
            catch (final IOException harmless)
            {
                // The next start takes it for what a dead daemon left, which it is.
            }
            closeQuietly(lockFile);
        }
    }

    private static boolean locked(final FileChannel lockFile) throws IOException
    {
        try
        {
            final FileLock lock = lockFile.tryLock();
            return lock != null;
        }
        catch (final OverlappingFileLockException heldInThisProcess)
        {
            return false;
        }
    }

    private static boolean answers(final Path path) throws IOException
    {
        if (!Files.exists(path))
        {
            return false;
        }
        try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(path)))
        {
            return probe.isConnected();
        }
        catch (final ConnectException nobody)
        {
            return false;
        }
    }

    private static void removeStale(final Path path) throws IOException
    {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS))
        {
            if (!Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).isOther())
            {
                throw new IllegalStateException("control socket " + path
                    + ": something that is not a socket is there; move it away or choose another control = \"...\"");
            }
            Files.delete(path);
        }
    }

    private static ServerSocketChannel bound(final Path path) throws IOException
    {
        final ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try
        {
            channel.bind(UnixDomainSocketAddress.of(path));
            // Between bind and here the umask rules; whoever slips in is still asked who he is at accept.
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            channel.configureBlocking(false);
            return channel;
        }
        catch (final IOException failed)
        {
            closeQuietly(channel);
            throw failed;
        }
    }

    private static void closeQuietly(final AutoCloseable resource)
    {
        try
        {
            if (resource != null)
            {
                resource.close();
            }
        }
        catch (final Exception harmless)
        {
            // Closing a descriptor that was given up: there is nothing left to lose.
        }
    }
}
