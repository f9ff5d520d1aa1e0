package io.farblock.replication.sim;

import io.farblock.replication.paths.Connection;
import io.farblock.replication.paths.ConnectionHandler;
import io.farblock.replication.paths.FrameFeed;
import io.farblock.replication.wire.Frame;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** One end of a connection. What is sent arrives in order, later, in pieces; or not, when the connection dies. */
final class SimConnection implements Connection
{
    final SimHost host;
    final SimPath path;
    SimConnection peer;
    boolean introduced;
    long busyUntilNs;
    long lastArrivalNs;

    private final SimNetwork network;
    private final ConnectionHandler handler;
    private final FrameFeed feed;
    private final List<byte[]> unflushed = new ArrayList<>();
    private int queuedBytes;
    private long receivedBytes;
    private boolean open;
    private boolean gone;

    SimConnection(
        final SimNetwork network, final SimHost host, final SimPath path, final ConnectionHandler handler)
    {
        this.network = network;
        this.host = host;
        this.path = path;
        this.handler = handler;
        this.feed = new FrameFeed(
            frame -> handler.onFrame(this, frame), Frame.CONTROL_LIMIT_BYTES);
    }

    boolean isOpen()
    {
        return open;
    }

    void opened()
    {
        if (host.isAlive() && !gone)
        {
            open = true;
            handler.onOpened(this);
        }
    }

    /** Bytes from the other end. */
    void arrive(final byte[] bytes)
    {
        peer.queuedBytes -= bytes.length;
        if (gone || !host.isAlive())
        {
            if (!host.isAlive() && !peer.gone && network.isUp(host.name))
            {
                // The machine is back and knows nothing of this connection.
                network.at(path, path.latencyNs, () -> peer.lost("connection reset by peer"));
            }
            return;
        }
        receivedBytes += bytes.length;
        int at = 0;
        while (at < bytes.length && open)
        {
            final int piece = network.split(bytes.length - at);
            final String problem = feed.accept(bytes, at, piece);
            at += piece;
            if (problem != null)
            {
                handler.onRefused(this, problem);
                close(problem);
            }
        }
    }

    /** Whatever ended it: nothing more is sent or heard. */
    void lost(final String reason)
    {
        if (!gone)
        {
            open = false;
            gone = true;
            feed.stop();
            path.ends.remove(this);
            if (host.isAlive())
            {
                handler.onClosed(reason);
            }
        }
    }

    /** The process behind this end died; nobody is there to be told. */
    void vanish()
    {
        open = false;
        gone = true;
        path.ends.remove(this);
    }

    @Override
    public boolean send(
        final ByteBuffer head, final int headOffset, final int headBytes,
        final ByteBuffer tail, final int tailOffset, final int tailBytes)
    {
        if (!open)
        {
            return false;
        }
        host.burnOrDie();
        final byte[] copy = new byte[headBytes + tailBytes];
        head.get(headOffset, copy, 0, headBytes);
        tail.get(tailOffset, copy, headBytes, tailBytes);
        unflushed.add(copy);
        queuedBytes += copy.length;
        return true;
    }

    @Override
    public void flush()
    {
        unflushed.forEach(bytes -> network.transmit(this, bytes));
        unflushed.clear();
    }

    @Override
    public boolean isWritable()
    {
        return open && queuedBytes < path.queueBytes;
    }

    @Override
    public long receivedBytes()
    {
        return receivedBytes;
    }

    @Override
    public void frameLimit(final int limitBytes)
    {
        introduced = true;
        feed.frameLimit(limitBytes);
    }

    @Override
    public void close(final String reason)
    {
        if (open)
        {
            open = false;
            feed.stop();
            unflushed.clear();
            network.soon(() -> lost(reason));
            network.finish(this);
        }
    }

    @Override
    public String remote()
    {
        return path.name;
    }
}
