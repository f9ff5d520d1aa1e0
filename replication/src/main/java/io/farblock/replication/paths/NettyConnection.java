package io.farblock.replication.paths;

import io.farblock.replication.status.StageMeter;
import io.farblock.replication.wire.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.agrona.BufferUtil;
import org.agrona.UnsafeApi;

/**
 * One TCP connection: frames in, frames out. Frames are copied on their way out, so that a slot of the sender's ring
 * can be used again as soon as it is acknowledged, whatever still sits in a slow connection's queue.
 */
final class NettyConnection extends ChannelInboundHandlerAdapter implements Connection, FrameAssembler.Source
{
    private static final long INTRODUCTION_SECONDS = 5;

    private final ConnectionHandler handler;
    private final Runnable onGone;
    private final FrameAssembler assembler;
    private volatile ChannelHandlerContext context;
    private volatile String closeReason;
    private volatile boolean introduced;
    private volatile long receivedBytes;
    private ByteBuf incoming;

    NettyConnection(final ConnectionHandler handler, final StageMeter meter, final Runnable onGone)
    {
        this.handler = handler;
        this.onGone = onGone;
        this.assembler = new FrameAssembler(
            frame ->
            {
                meter.count(frame.lengthBytes());
                handler.onFrame(this, frame);
            },
            Frame.CONTROL_LIMIT_BYTES);
    }

    @Override
    public void channelActive(final ChannelHandlerContext newContext)
    {
        context = newContext;
        // A peer that connects and says nothing holds a descriptor and a buffer: it gets this long to say who it is.
        newContext.executor().schedule(this::closeStranger, INTRODUCTION_SECONDS, TimeUnit.SECONDS);
        handler.onOpened(this);
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
        if (newContext.channel().isWritable())
        {
            handler.onWritable(this);
        }
    }

    @Override
    public void channelInactive(final ChannelHandlerContext newContext)
    {
        onGone.run();
        handler.onClosed(closeReason == null ? "closed by the other side" : closeReason);
    }

    @Override
    public void exceptionCaught(final ChannelHandlerContext newContext, final Throwable cause)
    {
        close(cause.getMessage() == null ? cause.toString() : cause.getMessage());
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
        introduced = true;
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

    private void closeStranger()
    {
        if (!introduced)
        {
            close("no introduction within " + INTRODUCTION_SECONDS + " s");
        }
    }
}
