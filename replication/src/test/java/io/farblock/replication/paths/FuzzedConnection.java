package io.farblock.replication.paths;

import io.farblock.replication.wire.Frame;
import io.farblock.replication.wire.FrameRules;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One end of a connection whose other end is a fuzzer: what arrives passes the assembler of real connections, and what
 * this end says has to be a frame that the other end would take. One thread.
 */
public class FuzzedConnection implements Connection
{
    private final ConnectionHandler handler;
    private final FrameFeed feed;
    private final int peerLimitBytes;
    private final Consumer<UnsafeBuffer> listener;
    private final Frame frame = new Frame();
    private long receivedBytes;
    private String closed;
    private boolean isOver;
    private boolean isWritable = true;

    /**
     * Open at once.
     *
     * @param peerLimitBytes the largest frame that the other end takes.
     * @param listener       hears each frame that this end says.
     */
    public FuzzedConnection(
        final ConnectionHandler handler, final int peerLimitBytes, final Consumer<UnsafeBuffer> listener)
    {
        this.handler = handler;
        this.peerLimitBytes = peerLimitBytes;
        this.listener = listener;
        this.feed = new FrameFeed(this::onFrame, Frame.CONTROL_LIMIT_BYTES);
        handler.onOpened(this);
    }

    /** Bytes from the other end, right or wrong. */
    public void arrive(final ByteBuffer bytes)
    {
        if (isOver)
        {
            return;
        }
        final byte[] copy = new byte[bytes.capacity()];
        bytes.get(0, copy);
        receivedBytes += copy.length;
        final String problem = feed.accept(copy, 0, copy.length);
        if (problem != null && closed == null)
        {
            handler.onRefused(this, problem);
            close(problem);
        }
        settle();
    }

    /** The line is cut, or whatever closed it takes effect. */
    public void cut()
    {
        close("cut");
        settle();
    }

    public void writable(final boolean newWritable)
    {
        isWritable = newWritable;
        if (newWritable && !isOver)
        {
            handler.onWritable(this);
        }
    }

    @Override
    public long receivedBytes()
    {
        return receivedBytes;
    }

    /** Whether this end has closed it, though that may not have taken effect yet. */
    public boolean isClosed()
    {
        return closed != null;
    }

    public boolean isOver()
    {
        settle();
        return isOver;
    }

    @Override
    public boolean send(
        final ByteBuffer head, final int headOffset, final int headBytes,
        final ByteBuffer tail, final int tailOffset, final int tailBytes)
    {
        final ByteBuffer whole = ByteBuffer.allocate(headBytes + tailBytes).order(head.order())
            .put(0, head, headOffset, headBytes).put(headBytes, tail, tailOffset, tailBytes);
        final UnsafeBuffer view = new UnsafeBuffer(whole);
        if (whole.capacity() > peerLimitBytes || FrameRules.templateOf(view) < 0 ||
            !frame.isIntact(view, whole, 0, whole.capacity()))
        {
            throw new AssertionError("sent a frame of " + whole.capacity() + " bytes, template " +
                FrameRules.templateOf(view) + ", expected an intact one of at most " + peerLimitBytes);
        }
        if (closed == null)
        {
            listener.accept(view);
        }
        return closed == null;
    }

    @Override
    public void flush()
    {
    }

    @Override
    public boolean isWritable()
    {
        return isWritable && closed == null;
    }

    @Override
    public void frameLimit(final int limitBytes)
    {
        feed.frameLimit(limitBytes);
    }

    @Override
    public void close(final String reason)
    {
        if (closed == null)
        {
            closed = reason;
            feed.stop();
        }
    }

    @Override
    public String remote()
    {
        return "fuzzer";
    }

    private void onFrame(final ReceivedFrame received)
    {
        if (closed == null)
        {
            final UnsafeBuffer view = new UnsafeBuffer(received.memory(), 0, received.lengthBytes());
            handler.onFrame(this, received);
            judge(view);
        }
    }

    /** A whole frame came out of what arrived and was dealt with; for whoever has more to say of it. */
    protected void judge(final UnsafeBuffer handled)
    {
    }

    private void settle()
    {
        if (closed != null && !isOver)
        {
            isOver = true;
            handler.onClosed(closed);
        }
    }
}
