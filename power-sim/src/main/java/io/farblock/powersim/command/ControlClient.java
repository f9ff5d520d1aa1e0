package io.farblock.powersim.command;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.NanoClock;

/** Asks the server of a file; each request is a connection of its own. One thread. */
public final class ControlClient
{
    private static final int MOST_ANSWER_BYTES = 1 << 20;
    private static final long WRITE_NS = TimeUnit.SECONDS.toNanos(2);
    /** Longer than a server waits for what it serves. */
    private static final long ANSWER_NS = TimeUnit.SECONDS.toNanos(90);

    private final Path socket;
    private final Path file;
    private final String advice;
    private final NanoClock clock;

    /** @param advice how to start the server: a command. */
    public ControlClient(final Path file, final String advice, final Path socket, final NanoClock clock)
    {
        this.file = file;
        this.advice = advice;
        this.socket = socket;
        this.clock = clock;
    }

    /** @throws ServeException with {@link ExitCode#NOT_NOW} when nobody serves the file. */
    public Answer ask(final String... words) throws ServeException
    {
        for (final String word : words)
        {
            if (word.contains(ControlServer.SEPARATOR) || word.contains("\n"))
            {
                throw new ServeException(ExitCode.USAGE, "\"" + word.replaceAll("\\p{Cntrl}", "?") +
                    "\" holds a tab or a line's end, expected neither");
            }
        }
        try (LineChannel lines = new LineChannel(connect(), clock))
        {
            lines.write(String.join(ControlServer.SEPARATOR, words) + '\n', WRITE_NS);
            return answer(lines.readAll(MOST_ANSWER_BYTES, ANSWER_NS));
        }
        catch (final IOException lost)
        {
            throw new ServeException(ExitCode.FAILED, "the server at " + socket + " did not answer: " + lost);
        }
    }

    private SocketChannel connect() throws ServeException
    {
        try
        {
            return SocketChannel.open(UnixDomainSocketAddress.of(socket));
        }
        catch (final IOException nobody)
        {
            throw new ServeException(ExitCode.NOT_NOW, "nobody serves " + file + " (" + socket + ": " +
                nobody.getMessage() + "); start it: " + advice);
        }
    }

    private Answer answer(final String text) throws ServeException
    {
        final int end = text.indexOf('\n');
        if (end < 1 || !text.substring(0, end).matches("\\d"))
        {
            throw new ServeException(ExitCode.FAILED, "the server at " + socket +
                " ended the connection without an answer; did it stop, or is it another user's?");
        }
        return new Answer(ExitCode.of(text.charAt(0) - '0'), text.substring(end + 1));
    }
}
