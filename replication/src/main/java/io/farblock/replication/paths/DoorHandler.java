package io.farblock.replication.paths;

import io.farblock.replication.paths.PathSecurity.Unsecured;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.util.function.Function;

/**
 * What an incoming connection meets first. Until the other side has said something that can be the beginning of a
 * handshake, it costs a descriptor and this object, and nothing has been allocated for it; then this handler puts in
 * its place what a connection needs.
 *
 * <p>The connection's event loop.
 */
final class DoorHandler extends ChannelInboundHandlerAdapter
{
    /** The content type of TLS's handshake records (RFC 8446, 5.1). */
    private static final int HANDSHAKE_RECORD = 22;

    private final Door door;
    private final PathSecurity security;
    private final Refusals refusals;
    private final Function<Door.Visitor, NettyConnection> connections;
    private Door.Visitor visitor;

    DoorHandler(
        final Door door, final PathSecurity security, final Refusals refusals,
        final Function<Door.Visitor, NettyConnection> connections)
    {
        this.door = door;
        this.security = security;
        this.refusals = refusals;
        this.connections = connections;
    }

    @Override
    public void channelActive(final ChannelHandlerContext context)
    {
        final Channel channel = context.channel();
        visitor = door.arrives(((InetSocketAddress)channel.remoteAddress()).getAddress(), (kind, reason) ->
            channel.pipeline().fireUserEventTriggered(new Unsecured(kind, reason)));
        channel.closeFuture().addListener(closed -> door.leaves(visitor));
        if (!security.isEncrypted())
        {
            admit(context);
        }
    }

    @Override
    public void channelRead(final ChannelHandlerContext context, final Object message)
    {
        final ByteBuf first = (ByteBuf)message;
        if (first.isReadable() && first.getByte(first.readerIndex()) != HANDSHAKE_RECORD)
        {
            ReferenceCountUtil.release(message);
            context.pipeline().fireUserEventTriggered(new Unsecured(Refusal.NOT_TLS, PathSecurity.NOT_TLS));
        }
        else if (door.speaks(visitor))
        {
            admit(context);
            context.pipeline().fireChannelRead(message);
        }
        else
        {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void userEventTriggered(final ChannelHandlerContext context, final Object event)
    {
        if (event instanceof Unsecured unsecured && context.channel().isActive())
        {
            refusals.refused(unsecured.kind(), unsecured.reason() + ", from " + context.channel().remoteAddress());
            context.close();
        }
    }

    @Override
    public void exceptionCaught(final ChannelHandlerContext context, final Throwable cause)
    {
        // Reset before it said anything: nobody waits to hear of it.
        context.close();
    }

    private void admit(final ChannelHandlerContext context)
    {
        security.secure(context.pipeline(), true);
        context.pipeline().addLast(connections.apply(visitor));
        context.pipeline().remove(this);
    }
}
