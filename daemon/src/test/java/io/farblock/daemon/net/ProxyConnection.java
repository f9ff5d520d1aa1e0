package io.farblock.daemon.net;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.List;

/**
 * One connection over a line, in two halves: from whoever connected to the proxy, and from the proxy to the target. A
 * half that ends or breaks is ended or broken at the other side too. The proxy's thread.
 */
final class ProxyConnection
{
    private static final long ENDING_NS = 2_000_000_000L;

    final ProxyLine line;
    private final SelectionKey near;
    private final SelectionKey far;
    private final Lane there;
    private final Lane back;
    private final ByteBuffer scrap = ByteBuffer.allocate(1 << 16);
    private boolean connecting;
    private boolean connected;
    private boolean closed;
    private long endsNs = Long.MAX_VALUE;

    ProxyConnection(
        final ProxyLine line, final SocketChannel accepted, final Selector selector, final int bufferBytes)
        throws IOException
    {
        this.line = line;
        final SocketChannel onwards = SocketChannel.open();
        for (final SocketChannel channel : List.of(accepted, onwards))
        {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }
        this.near = accepted.register(selector, 0);
        this.far = onwards.register(selector, 0);
        this.there = new Lane(near, far, true, new DelayLine(bufferBytes));
        this.back = new Lane(far, near, false, new DelayLine(bufferBytes));
    }

    boolean isClosed()
    {
        return closed;
    }

    /** Does what can be done now; returns when there is more to do even if nothing arrives. */
    long step(final long nowNs)
    {
        try
        {
            if (endsNs != Long.MAX_VALUE)
            {
                return discard(nowNs);
            }
            if (line.silent)
            {
                near.interestOps(0);
                far.interestOps(0);
                return Long.MAX_VALUE;
            }
            return connected || connect() ? carry(nowNs) : Long.MAX_VALUE;
        }
        catch (final IOException broken)
        {
            reset();
            return Long.MAX_VALUE;
        }
    }

    /** Ends both halves as if each had been closed; what is on its way is lost. */
    void end(final long nowNs)
    {
        endsNs = nowNs + ENDING_NS;
        try
        {
            connected = connected || connecting && channel(far).finishConnect();
            channel(near).shutdownOutput();
            if (connected)
            {
                channel(far).shutdownOutput();
            }
            else
            {
                far.channel().close();
            }
        }
        catch (final IOException gone)
        {
            reset();
        }
    }

    /** Breaks both halves; what is on its way is lost. */
    void reset()
    {
        closed = true;
        for (final SelectionKey half : List.of(near, far))
        {
            try
            {
                channel(half).setOption(StandardSocketOptions.SO_LINGER, 0);
                half.channel().close();
            }
            catch (final IOException gone)
            {
                // Then there is nothing left to break.
            }
        }
    }

    private boolean connect() throws IOException
    {
        connected = connecting ? channel(far).finishConnect() : channel(far).connect(line.target);
        connecting = true;
        far.interestOps(connected ? 0 : SelectionKey.OP_CONNECT);
        return connected;
    }

    private long carry(final long nowNs) throws IOException
    {
        final long dueNs = Math.min(there.step(nowNs), back.step(nowNs));
        near.interestOps(there.readInterest() | back.writeInterest());
        far.interestOps(back.readInterest() | there.writeInterest());
        if (there.isOver() && back.isOver())
        {
            closed = true;
            near.channel().close();
            far.channel().close();
        }
        return dueNs;
    }

    /** A socket that is closed with something unread is reset: so it is read until the other side closes too. */
    private long discard(final long nowNs) throws IOException
    {
        if (nowNs >= endsNs || isOver(near) && (!connected || isOver(far)))
        {
            closed = true;
            near.channel().close();
            far.channel().close();
            return Long.MAX_VALUE;
        }
        return endsNs;
    }

    private boolean isOver(final SelectionKey half) throws IOException
    {
        int count = 1;
        while (count > 0)
        {
            count = channel(half).read(scrap.clear());
        }
        half.interestOps(count < 0 ? 0 : SelectionKey.OP_READ);
        return count < 0;
    }

    private static SocketChannel channel(final SelectionKey half)
    {
        return (SocketChannel)half.channel();
    }

    /** One direction: read, delayed, written. */
    private final class Lane
    {
        private final SelectionKey from;
        private final SelectionKey to;
        private final boolean towardsTarget;
        private final DelayLine delayed;
        private boolean ended;
        private boolean over;
        private boolean blocked;

        Lane(
            final SelectionKey from, final SelectionKey to, final boolean towardsTarget, final DelayLine delayed)
        {
            this.from = from;
            this.to = to;
            this.towardsTarget = towardsTarget;
            this.delayed = delayed;
        }

        long step(final long nowNs) throws IOException
        {
            write(nowNs);
            read();
            write(nowNs);
            if (ended && delayed.isEmpty() && !over)
            {
                over = true;
                channel(to).shutdownOutput();
            }
            if (blocked)
            {
                return Long.MAX_VALUE;
            }
            return isHeld(nowNs) ? line.heldUntilNs : delayed.dueNs();
        }

        int readInterest()
        {
            return !ended && delayed.hasRoom() ? SelectionKey.OP_READ : 0;
        }

        int writeInterest()
        {
            return blocked ? SelectionKey.OP_WRITE : 0;
        }

        boolean isOver()
        {
            return over;
        }

        private void read() throws IOException
        {
            int count = 1;
            while (!ended && count > 0 && delayed.hasRoom())
            {
                count = delayed.fill(channel(from));
                ended = count < 0;
                if (count > 0)
                {
                    // by the clock of now: what has come in since this step began would else be early
                    delayed.due(line.dueNs(count, towardsTarget, System.nanoTime()));
                    final int damaged = towardsTarget ? line.damageBeforeEnd(count) : 0;
                    if (damaged > 0)
                    {
                        delayed.flip(damaged);
                    }
                }
            }
        }

        private void write(final long nowNs) throws IOException
        {
            blocked = false;
            if (!isHeld(nowNs))
            {
                final int count = delayed.drain(channel(to), nowNs);
                blocked = delayed.dueNs() <= nowNs;
                if (towardsTarget)
                {
                    line.carried(count);
                }
            }
        }

        private boolean isHeld(final long nowNs)
        {
            return towardsTarget && nowNs < line.heldUntilNs;
        }
    }
}
