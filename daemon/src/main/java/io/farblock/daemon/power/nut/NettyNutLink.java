package io.farblock.daemon.power.nut;

import io.farblock.daemon.power.UpsConfig;
import io.farblock.replication.wire.ReceivedText;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLException;

/**
 * One connection to a NUT server: cuts what comes into lines, and turns to TLS when the session says so. Event loop
 * only.
 *
 * <p>Nothing that came in clear is believed once TLS was agreed: what lies behind the line that agreed to it, in the
 * same piece or in a later one, ends the connection. Else whoever stands in between could add lines of his own that
 * would be read as if they had come encrypted.
 */
final class NettyNutLink extends ChannelInboundHandlerAdapter implements NutNetwork.Link
{
    /** The watch gives up earlier, by its own clock. */
    private static final int CONNECT_TIMEOUT_MS = 10_000;
    private static final int SHOWN = 300;
    private static final int DEEPEST = 8;
    private static final String IN_CLEAR = "it went on in clear after it had agreed to TLS";

    private final UpsConfig ups;
    private final NutNetwork.Listener listener;
    private final LineBuffer line = new LineBuffer();
    private Channel channel;
    private SslContext tls;
    private boolean turnToTls;
    private boolean closed;

    NettyNutLink(final UpsConfig ups, final NutNetwork.Listener listener)
    {
        this.ups = ups;
        this.listener = listener;
    }

    /** @param context null when nothing is to be encrypted. */
    void connect(final EventLoopGroup group, final InetSocketAddress address, final SslContext context)
    {
        if (closed)
        {
            return;
        }
        tls = context;
        new Bootstrap().group(group).channel(EpollSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MS)
            .handler(this)
            .connect(address)
            .addListener((ChannelFutureListener)done ->
            {
                if (!done.isSuccess())
                {
                    lost("cannot connect: " + explain(done.cause()));
                }
            });
    }

    @Override
    public void send(final String text)
    {
        channel.writeAndFlush(ByteBufUtil.encodeString(channel.alloc(),
            CharBuffer.wrap(text + "\n"), StandardCharsets.UTF_8));
    }

    @Override
    public void startTls()
    {
        turnToTls = true;
    }

    @Override
    public void close()
    {
        closed = true;
        if (channel != null)
        {
            channel.close();
        }
    }

    /** It failed or ended; told once, and not to those who ended it themselves. */
    void lost(final String reason)
    {
        if (!closed)
        {
            close();
            listener.onClosed(reason);
        }
    }

    @Override
    public void handlerAdded(final ChannelHandlerContext context)
    {
        channel = context.channel();
    }

    @Override
    public void channelActive(final ChannelHandlerContext context)
    {
        if (!closed)
        {
            listener.onConnected();
        }
    }

    @Override
    public void channelRead(final ChannelHandlerContext context, final Object message)
    {
        final ByteBuf bytes = (ByteBuf)message;
        try
        {
            while (!closed && !turnToTls && bytes.isReadable())
            {
                take(bytes.readByte());
            }
            if (!closed && turnToTls)
            {
                secure(context, bytes.isReadable());
            }
        }
        finally
        {
            ReferenceCountUtil.release(bytes);
        }
    }

    @Override
    public void userEventTriggered(final ChannelHandlerContext context, final Object event)
    {
        if (event instanceof SslHandshakeCompletionEvent end)
        {
            if (!end.isSuccess())
            {
                lost(explain(end.cause()));
            }
            else if (!closed)
            {
                listener.onSecured();
            }
        }
        else if (event instanceof SslCloseCompletionEvent)
        {
            lost("the server ended TLS");
        }
    }

    @Override
    public void channelInactive(final ChannelHandlerContext context)
    {
        lost("the server closed the connection");
    }

    @Override
    public void exceptionCaught(final ChannelHandlerContext context, final Throwable cause)
    {
        lost(explain(cause));
    }

    private void take(final byte next)
    {
        switch (line.add(next))
        {
            case LINE -> listener.onLine(line.take());
            case REFUSED -> lost("it sends what is no line of text, or one of more than " + LineBuffer.LONGEST_BYTES +
                " bytes; is that a NUT server?");
            default ->
            {
            }
        }
    }

    private void secure(final ChannelHandlerContext context, final boolean moreInClear)
    {
        turnToTls = false;
        if (moreInClear)
        {
            lost(IN_CLEAR);
            return;
        }
        // With the name as configured: that is what the certificate must be for.
        final SslHandler handler = tls.newHandler(channel.alloc(), ups.host(), ups.port());
        context.pipeline().addFirst(handler);
    }

    /** In words for the operator; nothing is decided by them. */
    private static String explain(final Throwable failure)
    {
        Throwable cause = failure;
        boolean ofTls = false;
        for (int depth = 0; depth < DEEPEST; depth++)
        {
            if (cause instanceof NotSslRecordException)
            {
                return IN_CLEAR;
            }
            ofTls |= cause instanceof SSLException;
            if (cause.getCause() == null || cause instanceof ConnectException)
            {
                break;
            }
            cause = cause.getCause();
        }
        final String words = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        return (ofTls ? "TLS failed: " : "") + ReceivedText.shown(words, SHOWN);
    }
}
