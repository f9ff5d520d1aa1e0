package io.farblock.powersim.command;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The socket that commands come to, for its owner only. Made by whoever holds the {@link ControlLock}, so what lies
 * there before was left by a server that is dead, and is replaced; something that is no socket is not touched.
 */
public final class ControlSocket implements AutoCloseable
{
    private final Path path;
    private final ServerSocketChannel channel;

    private ControlSocket(final Path path, final ServerSocketChannel channel)
    {
        this.path = path;
        this.channel = channel;
    }

    public static ControlSocket listen(final Path path) throws ServeException
    {
        try
        {
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS))
            {
                requireSocket(path);
                Files.delete(path);
            }
            final ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            try
            {
                channel.bind(UnixDomainSocketAddress.of(path));
                // until here the umask rules; whoever slips in is still asked who he is
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
                return new ControlSocket(path, channel);
            }
            catch (final IOException failed)
            {
                channel.close();
                throw failed;
            }
        }
        catch (final IOException failed)
        {
            throw new ServeException(ExitCode.FAILED, "the control socket " + path + " cannot be made: " + failed +
                "; expected a directory that may be written");
        }
    }

    private static void requireSocket(final Path path) throws IOException, ServeException
    {
        if (!Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).isOther())
        {
            throw new ServeException(ExitCode.FAILED, path + " is no socket; expected the control socket of a server " +
                "that is gone, or nothing; move it away");
        }
    }

    public ServerSocketChannel channel()
    {
        return channel;
    }

    /** Stops listening, then removes the socket; while the lock is still held. */
    @Override
    public void close()
    {
        try
        {
            channel.close();
            Files.deleteIfExists(path);
        }
        catch (final IOException harmless)
        {
            // the next server takes it for what a dead one left, which it is
        }
    }
}
