package io.farblock.daemon.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * One client: what it sent and was not answered, what it is to get and has not taken. Both are bounded. Used by the
 * control thread only. It serves one request at a time; what a client sends meanwhile stays in its buffer.
 */
final class ControlSession
{
    static final int LARGEST_REQUEST_BYTES = 64 << 10;
    private static final int LARGEST_BACKLOG_BYTES = 16 << 20;

    private final SocketChannel channel;
    private final SelectionKey key;
    private final ByteBuffer in = ByteBuffer.allocate(LARGEST_REQUEST_BYTES);
    private final Deque<ByteBuffer> out = new ArrayDeque<>();
    private int backlogBytes;
    private long lastActiveNs;
    private boolean ended;
    private boolean busy;
    private String watchedGroup;

    ControlSession(final SocketChannel channel, final SelectionKey key, final long nowNs)
    {
        this.channel = channel;
        this.key = key;
        this.lastActiveNs = nowNs;
    }

    /** Takes what has arrived. */
    void receive(final long nowNs) throws IOException
    {
        lastActiveNs = nowNs;
        final int count = in.hasRemaining() ? channel.read(in) : 0;
        if (count < 0)
        {
            ended = true;
        }
    }

    /** The next complete line, or null; also null while a request is being served. */
    byte[] nextLine()
    {
        for (int i = 0; !busy && i < in.position(); i++)
        {
            if (in.get(i) == '\n')
            {
                final byte[] line = new byte[i];
                in.flip();
                in.get(line).get();
                in.compact();
                return line;
            }
        }
        return null;
    }

    /** A line that will never be complete, because it is longer than a request may be. */
    boolean isOversize()
    {
        return !busy && !in.hasRemaining();
    }

    /** Begins to serve a request; {@code group} is watched for progress unless it is null. */
    void begin(final String group)
    {
        busy = true;
        watchedGroup = group;
    }

    /** Queues a line; the last one of a request makes room for the next. */
    void reply(final Reply reply) throws IOException
    {
        if (!reply.moreFollows())
        {
            busy = false;
            watchedGroup = null;
        }
        final byte[] line = (ControlJson.line(reply) + "\n").getBytes(StandardCharsets.UTF_8);
        backlogBytes += line.length;
        if (backlogBytes > LARGEST_BACKLOG_BYTES)
        {
            throw new IOException("the client does not read what it asked for");
        }
        out.add(ByteBuffer.wrap(line));
        send();
    }

    /** Writes what the socket takes now. */
    void send() throws IOException
    {
        while (!out.isEmpty())
        {
            final ByteBuffer first = out.peek();
            backlogBytes -= channel.write(first);
            if (first.hasRemaining())
            {
                break;
            }
            out.remove();
        }
        updateInterest();
    }

    void updateInterest()
    {
        // After its end a channel stays readable for ever, and a full buffer cannot take more: both would spin.
        final boolean read = !ended && in.hasRemaining();
        key.interestOps((read ? SelectionKey.OP_READ : 0) | (out.isEmpty() ? 0 : SelectionKey.OP_WRITE));
    }

    /** No more input will come, and nothing is owed. */
    boolean isFinished()
    {
        return ended && !busy && out.isEmpty();
    }

    /** Stops listening to this client; what is owed is still sent. */
    void end()
    {
        ended = true;
        in.clear();
    }

    boolean isBusy()
    {
        return busy;
    }

    boolean isBacklogged()
    {
        return !out.isEmpty();
    }

    /** The group whose progress this client waits for, or null. */
    String watchedGroup()
    {
        return watchedGroup;
    }

    long lastActiveNs()
    {
        return lastActiveNs;
    }

    void close()
    {
        key.cancel();
        try
        {
            channel.close();
        }
        catch (final IOException harmless)
        {
            // The client is gone either way.
        }
    }
}
