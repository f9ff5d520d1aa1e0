package io.farblock.powersim.command;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.NanoClock;

/**
 * Texts over a socket, both ways bounded in size and time: whoever is at the other end can be slow, but not for ever.
 * One thread; closes the socket.
 */
final class LineChannel implements AutoCloseable
{
    private final SocketChannel socket;
    private final Selector selector;
    private final NanoClock clock;

    LineChannel(final SocketChannel socket, final NanoClock clock) throws IOException
    {
        this.socket = socket;
        this.clock = clock;
        socket.configureBlocking(false);
        selector = Selector.open();
        socket.register(selector, SelectionKey.OP_READ);
    }

    /** Up to a line's end, which is not in the answer, or to the end of the stream. */
    String readLine(final int mostBytes, final long timeoutNs) throws IOException
    {
        return read(mostBytes, timeoutNs, true);
    }

    /** Up to the end of the stream. */
    String readAll(final int mostBytes, final long timeoutNs) throws IOException
    {
        return read(mostBytes, timeoutNs, false);
    }

    private String read(final int mostBytes, final long timeoutNs, final boolean lineOnly) throws IOException
    {
        final long deadlineNs = clock.nanoTime() + timeoutNs;
        final ByteBuffer bytes = ByteBuffer.allocate(mostBytes + 1);
        while (true)
        {
            final int count = socket.read(bytes);
            final boolean line = lineOnly && bytes.position() > 0 && bytes.get(bytes.position() - 1) == '\n';
            if (count < 0 || line)
            {
                return new String(bytes.array(), 0, bytes.position() - (line ? 1 : 0), StandardCharsets.UTF_8);
            }
            if (!bytes.hasRemaining())
            {
                throw new IOException("more than " + mostBytes + " bytes came, expected less");
            }
            await(SelectionKey.OP_READ, deadlineNs, count == 0);
        }
    }

    void write(final String text, final long timeoutNs) throws IOException
    {
        final long deadlineNs = clock.nanoTime() + timeoutNs;
        final ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining())
        {
            await(SelectionKey.OP_WRITE, deadlineNs, socket.write(bytes) == 0);
        }
    }

    private void await(final int operation, final long deadlineNs, final boolean wait) throws IOException
    {
        final long leftNs = deadlineNs - clock.nanoTime();
        if (leftNs <= 0)
        {
            throw new IOException("nothing came in time from the other end");
        }
        if (wait)
        {
            socket.keyFor(selector).interestOps(operation);
            selector.select(Math.max(1, TimeUnit.NANOSECONDS.toMillis(leftNs)));
            selector.selectedKeys().clear();
        }
    }

    @Override
    public void close() throws IOException
    {
        selector.close();
        socket.close();
    }
}
