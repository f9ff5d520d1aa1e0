package io.farblock.replication.paths;

import io.farblock.replication.status.SourceStatus.StageStatus;
import io.farblock.replication.status.StageMeter;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;

/**
 * TCP by Netty's epoll transport on one event loop thread, secured by a {@link PathSecurity}. Bytes queued for a
 * connection are bounded by its write water mark, bytes received by the frame limit, strangers by the {@link Door}.
 */
public final class NettyNetwork implements Network
{
    private static final int CONNECT_TIMEOUT_MS = 3_000;
    private static final int EXPIRY_MS = 250;
    private static final WriteBufferWaterMark WRITE_QUEUE = new WriteBufferWaterMark(1 << 20, 2 << 20);

    /** The adaptive default makes objects for every read; this one gives the same buffers again and again. */
    private static final ByteBufAllocator BUFFERS = PooledByteBufAllocator.DEFAULT;

    private final EventLoopGroup group;
    private final PathSecurity security;
    private final HostLookup lookup;
    private final Door door;
    private final List<Channel> listeners = new CopyOnWriteArrayList<>();
    /** Touched by the event loop only, as the door is. */
    private final Set<NettyConnection> standing = new HashSet<>();
    private final StageMeter meter = new StageMeter("paths");

    /** Starts the event loop thread. */
    public NettyNetwork(final String threadName, final PathSecurity security)
    {
        this(threadName, security, SystemNanoClock.INSTANCE, InetAddress::getByName);
    }

    NettyNetwork(
        final String threadName, final PathSecurity security, final NanoClock clock,
        final HostLookup.Resolver resolver)
    {
        this.door = new Door(clock);
        this.security = security;
        this.lookup = new HostLookup(threadName + "-dns", resolver);
        this.group = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory(threadName, true), EpollIoHandler.newFactory());
        group.execute(meter::started);
    }

    @Override
    public void connect(final PathConfig path, final ConnectionHandler handler)
    {
        if (group.isShuttingDown())
        {
            // Nobody is left to tell it to; the caller is about to end too.
            return;
        }
        final String hopeless = security.hopeless();
        if (hopeless != null)
        {
            onLoop(() -> handler.onClosed(hopeless));
        }
        else if (path.remote().isUnresolved())
        {
            // Not left to Netty, which would look it up on the event loop and hold up every path meanwhile.
            lookup.begin(path, new HostLookup.Listener()
            {
                @Override
                public void onFound(final InetSocketAddress address)
                {
                    onLoop(() -> connect(path, address, handler));
                }

                @Override
                public void onFailed(final String problem)
                {
                    onLoop(() -> handler.onClosed(cannotConnect(path, problem)));
                }
            });
        }
        else
        {
            connect(path, path.remote(), handler);
        }
    }

    @Override
    public void listen(
        final InetSocketAddress address, final Supplier<ConnectionHandler> handlers, final Refusals refusals)
    {
        final ChannelFuture bound = new ServerBootstrap()
            .group(group)
            .channel(EpollServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.ALLOCATOR, BUFFERS)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WRITE_QUEUE)
            .childHandler(beginning(channel -> channel.pipeline().addLast(
                new DoorHandler(door, security, refusals, visitor ->
                    new NettyConnection(handlers, meter, new Incoming(visitor, refusals), security)))))
            .bind(address)
            .awaitUninterruptibly();
        if (!bound.isSuccess())
        {
            throw new IllegalStateException("cannot listen on " + address + ": " + bound.cause().getMessage() +
                "; is another process using it, or is it not an address of this machine?");
        }
        listeners.add(bound.channel());
        bound.channel().eventLoop().scheduleAtFixedRate(door::expire, EXPIRY_MS, EXPIRY_MS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void securityChanged()
    {
        onLoop(() -> List.copyOf(standing).stream()
            .filter(connection -> connection.identity() != null && !security.stillTrusts(connection.identity()))
            .forEach(connection -> connection.close("the other side's certificate is no longer trusted")));
    }

    @Override
    public boolean isEncrypted()
    {
        return security.isEncrypted();
    }

    @Override
    public int ownSerial()
    {
        return security.ownSerial();
    }

    @Override
    public ThreadFactory threads()
    {
        // Netty keeps recycled buffer objects for threads of its own kind only.
        return FastThreadLocalThread::new;
    }

    @Override
    public List<StageStatus> stages()
    {
        return List.of(meter.status());
    }

    @Override
    public void close()
    {
        listeners.forEach(channel -> channel.close().awaitUninterruptibly());
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private void connect(final PathConfig path, final InetSocketAddress address, final ConnectionHandler handler)
    {
        final ChannelFuture connecting = new Bootstrap()
            .group(group)
            .channel(EpollSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.ALLOCATOR, BUFFERS)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MS)
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WRITE_QUEUE)
            .handler(beginning(channel ->
            {
                security.secure(channel.pipeline(), false);
                channel.pipeline().addLast(new NettyConnection(() -> handler, meter, new Standing(), security));
            }))
            .connect(address, path.local());
        connecting.addListener((ChannelFutureListener)done ->
        {
            if (!done.isSuccess())
            {
                handler.onClosed(cannotConnect(path, done.cause().getMessage()));
            }
        });
    }

    private void onLoop(final Runnable action)
    {
        try
        {
            group.execute(action);
        }
        catch (final RejectedExecutionException ex)
        {
            // Closed while the name was looked up: nobody waits for the answer any more.
        }
    }

    private static String cannotConnect(final PathConfig path, final String problem)
    {
        return "cannot connect to " + path.remote() + ": " + problem;
    }

    private static ChannelInitializer<Channel> beginning(final Consumer<Channel> handlers)
    {
        return new ChannelInitializer<>()
        {
            @Override
            protected void initChannel(final Channel channel)
            {
                handlers.accept(channel);
            }
        };
    }

    /** Keeps the connections that stand. This side decides itself how many it makes, so these are not limited. */
    private class Standing implements NettyConnection.Owner
    {
        @Override
        public boolean admits(final NettyConnection connection)
        {
            standing.add(connection);
            return true;
        }

        @Override
        public void introduced(final NettyConnection connection)
        {
            // Nobody waits for it at a door.
        }

        @Override
        public void refused(final PathSecurity.Unsecured why, final String remote)
        {
            // Its handler learns it from the close.
        }

        @Override
        public void gone(final NettyConnection connection)
        {
            standing.remove(connection);
        }
    }

    /** Keeps those that others made, as far as the door lets them in. */
    private final class Incoming extends Standing
    {
        private final Door.Visitor visitor;
        private final Refusals refusals;

        Incoming(final Door.Visitor visitor, final Refusals refusals)
        {
            this.visitor = visitor;
            this.refusals = refusals;
        }

        @Override
        public boolean admits(final NettyConnection connection)
        {
            return (!security.isEncrypted() || door.authenticated(visitor, connection.identity().fingerprint())) &&
                super.admits(connection);
        }

        @Override
        public void introduced(final NettyConnection connection)
        {
            if (security.isEncrypted() || door.authenticated(visitor, null))
            {
                door.introduced(visitor);
            }
        }

        @Override
        public void refused(final PathSecurity.Unsecured why, final String remote)
        {
            refusals.refused(why.kind(), why.reason() + ", from " + remote);
        }
    }
}
