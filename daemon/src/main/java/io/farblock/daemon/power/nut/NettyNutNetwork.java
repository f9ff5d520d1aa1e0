package io.farblock.daemon.power.nut;

import io.farblock.daemon.power.UpsConfig;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** TCP by Netty's epoll transport, and the one thread of this package: its event loop. */
final class NettyNutNetwork implements NutNetwork, AutoCloseable
{
    private final EventLoopGroup group;
    private final String threadName;
    private final NutDial.Resolver resolver;
    /** Touched by the event loop only. */
    private final Map<UpsConfig, NutDial> dials = new HashMap<>();

    /** Starts the thread. */
    NettyNutNetwork(final String threadName, final NutDial.Resolver resolver)
    {
        this.threadName = threadName;
        this.resolver = resolver;
        this.group = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory(threadName, true), EpollIoHandler.newFactory());
    }

    /** Runs a step on the thread, again and again. It must not throw. */
    void every(final long periodMs, final Runnable step)
    {
        group.scheduleWithFixedDelay(step, 0, periodMs, TimeUnit.MILLISECONDS);
    }

    /** Runs something on the thread and waits for its end. */
    void once(final Runnable action)
    {
        group.submit(action).awaitUninterruptibly();
    }

    @Override
    public Link connect(final UpsConfig ups, final Listener listener)
    {
        final NettyNutLink link = new NettyNutLink(ups, listener);
        dials.computeIfAbsent(ups, key -> new NutDial(key, resolver)).begin(threadName + "-dns", new NutDial.Listener()
        {
            @Override
            public void onReady(final InetSocketAddress address, final SslContext tls)
            {
                onLoop(() -> link.connect(group, address, tls));
            }

            @Override
            public void onFailed(final String problem)
            {
                onLoop(() -> link.lost("cannot connect: " + problem));
            }
        });
        return link;
    }

    /** Ends every connection and the thread. */
    @Override
    public void close()
    {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
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
}
