package io.farblock.blockdev.nbd;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.net.SocketAddress;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/** What server and client take of Netty: epoll for both kinds of address, and memory. Any thread. */
final class Transport
{
    /** The adaptive default makes objects for every read; this one gives the same buffers again and again. */
    static final ByteBufAllocator SMALL = PooledByteBufAllocator.DEFAULT;

    /**
     * Payloads: page aligned, since a device may read and write them past the page cache; in chunks of 64 MiB, so that
     * the longest payload comes from the pool too. Memory of a chunk that was never used costs address space only. How
     * much is taken is bounded by each session's limits.
     */
    static final ByteBufAllocator PAYLOADS =
        new PooledByteBufAllocator(true, 0, 1, 8192, 13, 256, 64, false, ServerRequest.HEADROOM_BYTES);

    private static final long STOP_PATIENCE_SECONDS = 5;

    private Transport()
    {
    }

    static EventLoopGroup loops(final int count, final IntFunction<String> name)
    {
        return new MultiThreadIoEventLoopGroup(count, numbered(name), EpollIoHandler.newFactory());
    }

    /** Daemon threads, named by their number from 1; Netty keeps recycled objects for threads of its own kind only. */
    static ThreadFactory numbered(final IntFunction<String> name)
    {
        final AtomicInteger last = new AtomicInteger();
        return (task) ->
        {
            final Thread thread = new FastThreadLocalThread(task, name.apply(last.incrementAndGet()));
            thread.setDaemon(true);
            return thread;
        };
    }

    static void stop(final EventLoopGroup loops)
    {
        loops.shutdownGracefully(0, STOP_PATIENCE_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    static Class<? extends ServerChannel> listening(final NbdAddress address)
    {
        return address.path() != null ? EpollServerDomainSocketChannel.class : EpollServerSocketChannel.class;
    }

    static Class<? extends Channel> connecting(final NbdAddress address)
    {
        return address.path() != null ? EpollDomainSocketChannel.class : EpollSocketChannel.class;
    }

    static SocketAddress socketAddress(final NbdAddress address)
    {
        return address.path() != null ? new DomainSocketAddress(address.path().toFile()) : address.tcp();
    }

    /** For messages: what went wrong, also where an exception has no words. */
    static String reason(final Throwable cause)
    {
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
