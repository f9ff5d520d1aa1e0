package io.farblock.daemon.control;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * One connection to a daemon. Blocking, for one thread; {@link #close()} may come from another one and ends a wait.
 * Every failure is a {@link ControlException} with the exit code that scripts rely on.
 */
public final class ControlClient implements AutoCloseable
{
    private static final int LONGEST_REPLY_BYTES = 32 << 20;

    private final Path path;
    private final SocketChannel channel;
    private final InputStream in;

    private ControlClient(final Path path, final SocketChannel channel)
    {
        this.path = path;
        this.channel = channel;
        this.in = new BufferedInputStream(Channels.newInputStream(channel));
    }

    public static ControlClient open(final Path path) throws ControlException
    {
        if (!Files.exists(path))
        {
            throw nobody(path, "there is no such socket");
        }
        try
        {
            return new ControlClient(path, SocketChannel.open(UnixDomainSocketAddress.of(path)));
        }
        catch (final ConnectException refused)
        {
            throw nobody(path, "it was left by one that died");
        }
        catch (final SocketException denied)
        {
            throw new ControlException(ExitCode.FAILED, "cannot reach the daemon at " + path + ": "
                + denied.getMessage() + "; only root and the daemon's own user may");
        }
        catch (final IOException | IllegalArgumentException failed)
        {
            throw new ControlException(ExitCode.FAILED, "cannot reach the daemon at " + path + ": "
                + failed.getMessage());
        }
    }

    /**
     * Sends a request and takes replies until the last one, which it returns.
     *
     * @param progress gets the ones before.
     * @throws ControlException also when the reply is an error.
     */
    public Reply ask(final Request request, final Consumer<Reply> progress) throws ControlException
    {
        try
        {
            send(request);
            Reply reply = receive();
            while (reply.moreFollows())
            {
                progress.accept(reply);
                reply = receive();
            }
            if (reply.isError())
            {
                throw new ControlException(reply.exit(), reply.message());
            }
            return reply;
        }
        catch (final IOException broken)
        {
            throw new ControlException(ExitCode.FAILED, "lost the daemon at " + path + ": " + broken.getMessage());
        }
        catch (final IllegalArgumentException malformed)
        {
            throw new ControlException(ExitCode.FAILED, "what answers at " + path + " is no farblock daemon");
        }
    }

    @Override
    public void close()
    {
        try
        {
            channel.close();
        }
        catch (final IOException harmless)
        {
            // Everything that was asked for has been read, or is not wanted any more.
        }
    }

    private void send(final Request request)
    {
        final ByteBuffer line = ByteBuffer.wrap((ControlJson.line(request) + "\n").getBytes(StandardCharsets.UTF_8));
        try
        {
            while (line.hasRemaining())
            {
                channel.write(line);
            }
        }
        catch (final IOException hungUp)
        {
            // A daemon that refuses says why before the question comes, and hangs up; the reading finds it.
        }
    }

    private Reply receive() throws IOException
    {
        final ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read())
        {
            if (next < 0)
            {
                throw new IOException("it hung up");
            }
            if (line.size() == LONGEST_REPLY_BYTES)
            {
                throw new IOException("it sent an endless line");
            }
            line.write(next);
        }
        return ControlJson.parse(line.toByteArray(), Reply.class);
    }

    private static ControlException nobody(final Path path, final String why)
    {
        return new ControlException(ExitCode.NOT_NOW, "no daemon answers at " + path + ": " + why
            + "\nstart it with: farblock daemon --config FILE, or name its socket with --control PATH");
    }
}
