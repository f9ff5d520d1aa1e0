package io.farblock.powersim.command;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import jdk.net.ExtendedSocketOptions;
import org.agrona.concurrent.NanoClock;

/**
 * Takes requests, one after the other, on a thread of its own.
 *
 * <pre>
 *   request   word {TAB word} LF           at most 8 KiB, within 2 s
 *   answer    exit code LF text            up to the end of the stream
 * </pre>
 *
 * A client that misbehaves loses its connection and nothing else; another user's is closed unread.
 */
public final class ControlServer implements AutoCloseable
{
    static final String SEPARATOR = "\t";

    private static final int MOST_REQUEST_BYTES = 8 * 1024;
    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(2);

    private final ControlSocket socket;
    private final Function<List<String>, Answer> requests;
    private final NanoClock clock;
    private final Thread thread;
    private volatile boolean closed;

    /** Closes the socket with itself. */
    public ControlServer(final String threadName, final ControlSocket socket,
        final Function<List<String>, Answer> requests, final NanoClock clock)
    {
        this.thread = new Thread(this::run, threadName);
        this.socket = socket;
        this.requests = requests;
        this.clock = clock;
    }

    public void launch()
    {
        thread.start();
    }

    private void run()
    {
        while (!closed)
        {
            try (SocketChannel client = socket.channel().accept())
            {
                if (isOurs(client))
                {
                    answer(client);
                }
            }
            catch (final ClosedChannelException stopping)
            {
                return;
            }
            catch (final IOException lost)
            {
                // the client sees that its connection ended; there is nobody else to tell
            }
        }
    }

    private static boolean isOurs(final SocketChannel client) throws IOException
    {
        final UserPrincipal user = client.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
        return user.getName().equals("root") || user.equals(Files.getOwner(Path.of("/proc/self")));
    }

    private void answer(final SocketChannel client) throws IOException
    {
        try (LineChannel lines = new LineChannel(client, clock))
        {
            final String request = lines.readLine(MOST_REQUEST_BYTES, TIMEOUT_NS);
            final Answer answer = requests.apply(List.of(request.split(SEPARATOR, -1)));
            lines.write(answer.exit().number() + "\n" + answer.text(), TIMEOUT_NS);
        }
    }

    /** From any thread but its own; waits for the request that is at work. */
    @Override
    public void close()
    {
        closed = true;
        socket.close();
        try
        {
            thread.join();
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
    }
}
