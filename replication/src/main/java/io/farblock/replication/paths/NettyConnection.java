package io.farblock.replication.paths;

import io.farblock.replication.identity.PeerIdentity;
import io.farblock.replication.status.StageMeter;
import io.farblock.replication.wire.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.Supplier;
import org.agrona.BufferUtil;
import org.agrona.UnsafeApi;

/**
 * One TCP connection: frames in, frames out. Frames are copied on their way out, so that a slot of the sender's ring
 * can be used again as soon as it is acknowledged, whatever still sits in a slow connection's queue. It stands when its
 * {@link PathSecurity} says so; until then it has neither a handler nor memory for frames.
 */
final class NettyConnection extends ChannelInboundHandlerAdapter implements Connection, FrameAssembler.Source
{
    /** What a connection needs of the network that has it; called on the event loop. */
    interface Owner
    {
        /** It is to be opened. Whether there is a place for it; if not, it was told to close. */
        boolean admits(NettyConnection connection);

        /** Its other side has said who it is. */
        void introduced(NettyConnection connection);

        /** It was refused before it was opened. */
        void refused(PathSecurity.Unsecured why, String remote);

        /** It is gone. */
        void gone(NettyConnection connection);
    }

    private final Supplier<ConnectionHandler> handlers;
    private final StageMeter meter;
    private final Owner owner;
    private final PathSecurity security;
    private volatile ChannelHandlerContext context;
    private volatile String closeReason;
    private volatile long receivedBytes;
    private volatile PeerIdentity identity;
    private ConnectionHandler handler;
    private FrameAssembler assembler;
    private ByteBuf incoming;

    NettyConnection(
        final Supplier<ConnectionHandler> handlers, final StageMeter meter, final Owner owner,
        final PathSecurity security)
    {
        this.handlers = handlers;
        this.meter = meter;
        this.owner = owner;
        this.security = security;
    }

    @Override
    public void handlerAdded(final ChannelHandlerContext newContext)
    {
        context = newContext;
        if (newContext.channel().isActive() && !security.isEncrypted())
        {
            open();
        }
    }

    @Override
    public void channelActive(final ChannelHandlerContext newContext)
    {
        if (!security.isEncrypted())
        {
            open();
        }
    }

    @Override
    public void userEventTriggered(final ChannelHandlerContext newContext, final Object event)
    {
        if (event instanceof PathSecurity.Secured secured && closeReason == null)
        {
            identity = secured.identity();
            open();
        }
        else if (event instanceof PathSecurity.Unsecured unsecured && closeReason == null)
        {
            owner.refused(unsecured, remote());
            close(unsecured.reason());
        }
    }

    @Override
    public void channelRead(final ChannelHandlerContext newContext, final Object message)
    {
        incoming = (ByteBuf)message;
        receivedBytes += incoming.readableBytes();
        try
        {
            final String problem = closeReason == null ? assembler.accept(this) : null;
            if (problem != null)
            {
                handler.onRefused(this, problem);
                close(problem);
            }
        }
        finally
        {
            incoming = null;
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelWritabilityChanged(final ChannelHandlerContext newContext)
    {
        if (newContext.channel().isWritable() && handler != null)
        {
            handler.onWritable(this);
        }
    }

    @Override
    public void channelInactive(final ChannelHandlerContext newContext)
    {
        owner.gone(this);
        // One that this side began is waited for, even if it never stood; an incoming one is nobody's until it does.
        final boolean outgoing = newContext.channel().parent() == null;
        final ConnectionHandler told = handler == null && outgoing ? handlers.get() : handler;
        if (told != null)
        {
            told.onClosed(closeReason == null ? "closed by the other side" : closeReason);
        }
    }

    @Override
    public void exceptionCaught(final ChannelHandlerContext newContext, final Throwable cause)
    {
        final String reason = security.explain(cause);
        if (security.isDamage(cause) && handler != null && closeReason == null)
        {
            handler.onRefused(this, reason);
        }
        close(reason);
    }

    @Override
    public boolean send(
        final ByteBuffer head, final int headOffset, final int headBytes,
        final ByteBuffer tail, final int tailOffset, final int tailBytes)
    {
        final ChannelHandlerContext live = context;
        if (live == null || !live.channel().isActive())
        {
            return false;
        }
        Objects.checkFromIndexSize(headOffset, headBytes, head.capacity());
        Objects.checkFromIndexSize(tailOffset, tailBytes, tail.capacity());
        final ByteBuf copy = live.alloc().directBuffer(headBytes + tailBytes);
        // By address: a view of either buffer would be an object for every frame.
        UnsafeApi.copyMemory(BufferUtil.address(head) + headOffset, copy.memoryAddress(), headBytes);
        UnsafeApi.copyMemory(BufferUtil.address(tail) + tailOffset, copy.memoryAddress() + headBytes, tailBytes);
        copy.writerIndex(headBytes + tailBytes);
        live.write(copy, live.voidPromise());
        return true;
    }

    @Override
    public void flush()
    {
        final ChannelHandlerContext live = context;
        if (live != null)
        {
            live.flush();
        }
    }

    @Override
    public boolean isWritable()
    {
        final ChannelHandlerContext live = context;
        return live != null && live.channel().isWritable();
    }

    @Override
    public long receivedBytes()
    {
        return receivedBytes;
    }

    @Override
    public void frameLimit(final int limitBytes)
    {
        owner.introduced(this);
        assembler.frameLimit(limitBytes);
    }

    @Override
    public void close(final String reason)
    {
        final ChannelHandlerContext live = context;
        if (live != null && closeReason == null)
        {
            closeReason = reason;
            live.close();
        }
    }

    @Override
    public String remote()
    {
        final ChannelHandlerContext live = context;
        return live == null ? "?" : String.valueOf(live.channel().remoteAddress());
    }

    @Override
    public PeerIdentity identity()
    {
        return identity;
    }

    @Override
    public int available()
    {
        return closeReason == null ? incoming.readableBytes() : 0;
    }

    @Override
    public void read(final ByteBuffer target)
    {
        if (!incoming.hasMemoryAddress())
        {
            incoming.readBytes(target);
            return;
        }
        final int lengthBytes = target.remaining();
        Objects.checkFromIndexSize(0, lengthBytes, incoming.readableBytes());
        UnsafeApi.copyMemory(
            incoming.memoryAddress() + incoming.readerIndex(),
            BufferUtil.address(target) + target.position(),
            lengthBytes);
        incoming.skipBytes(lengthBytes);
    }

    private void open()
    {
        if (owner.admits(this))
        {
            handler = handlers.get();
            assembler = new FrameAssembler(
                frame ->
                {
                    meter.count(frame.lengthBytes());
                    handler.onFrame(this, frame);
                },
                Frame.CONTROL_LIMIT_BYTES);
            handler.onOpened(this);
        }
    }
}
