package io.farblock.blockdev.nbd;

import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.ChannelGroupFuture;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Who is connected to a server, and whether there is a place for one more. Any thread. */
final class Clients
{
    /** To every session of a server that closes: answer what runs, then go. */
    static final Object FINISH = new Object();

    private final ChannelGroup channels = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE, true);
    private final AtomicInteger places;
    private final AtomicInteger lastNumber = new AtomicInteger();
    private volatile boolean closing;

    Clients(final int limit)
    {
        places = new AtomicInteger(limit);
    }

    /** What messages call it: a number, since the clients of a unix socket have no address. */
    String name(final Channel channel)
    {
        final String from = channel.remoteAddress() instanceof InetSocketAddress tcp ? " from " + tcp : "";
        return "client " + lastNumber.incrementAndGet() + from;
    }

    /** Takes a place until the channel has closed; whether there was one. */
    boolean admit(final Channel channel)
    {
        if (places.decrementAndGet() < 0)
        {
            places.incrementAndGet();
            return false;
        }
        channel.closeFuture().addListener((closed) -> places.incrementAndGet());
        channels.add(channel);
        // looked at after it was added: either it is seen here, or the channel is seen by whoever closes
        return !closing;
    }

    /** Has all of them end, those that take too long at once; returns when all have. */
    void finish(final long patienceNs)
    {
        closing = true;
        final ChannelGroupFuture gone = channels.newCloseFuture();
        channels.forEach((channel) -> channel.pipeline().fireUserEventTriggered(FINISH));
        if (!gone.awaitUninterruptibly(patienceNs, TimeUnit.NANOSECONDS))
        {
            channels.close().awaitUninterruptibly();
        }
    }
}
