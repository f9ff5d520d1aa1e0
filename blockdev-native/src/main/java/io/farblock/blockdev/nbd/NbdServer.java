package io.farblock.blockdev.nbd;

import io.farblock.blockdev.DeviceException;
import io.farblock.blockdev.Errno;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Exports block devices. Clients that misbehave lose their own connection and nothing else; all limits are in the
 * {@link NbdServerConfig}. It promises MULTI_CONN: a flush covers what any connection was told is written, and a write
 * with FUA is durable for all, since all of them end in the same device.
 *
 * <p>Started and closed by one thread. Closing ends when no request is inside a device any more, however long that
 * takes, so that devices may be closed after it.
 */
public final class NbdServer implements AutoCloseable
{
    private final NbdServerConfig config;
    private final Exports exports;
    private final NbdEvents events;
    private final Clients clients;
    private final EventLoopGroup loops;
    private final ThreadPoolExecutor workers;
    private final UnixSocketFile socketFile;
    private Channel listener;
    private boolean closed;

    private NbdServer(final NbdServerConfig config, final NbdEvents events)
    {
        this.config = config;
        this.events = events;
        exports = new Exports(config.exports());
        clients = new Clients(config.connections());
        loops = Transport.loops(config.loops(), (number) -> "nbd-loop-" + number);
        // room for every request of every connection: none is ever rejected, and the queue makes no objects
        workers = new ThreadPoolExecutor(config.workers(), config.workers(), 0, TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(config.connections() * config.requestsPerConnection()),
            Transport.numbered((number) -> "nbd-work-" + number));
        socketFile = config.address().path() == null ? null : new UnixSocketFile(config.address().path());
    }

    /**
     * Listens and serves until closed.
     *
     * @throws DeviceException when the address cannot be had; it says why.
     */
    public static NbdServer start(final NbdServerConfig config, final NbdEvents events) throws DeviceException
    {
        final NbdServer server = new NbdServer(config, events);
        try
        {
            server.listen();
            return server;
        }
        catch (final DeviceException | RuntimeException failed)
        {
            server.close();
            throw failed;
        }
    }

    /** Where it listens; the port is the one that was given by the kernel. */
    public NbdAddress address()
    {
        return listener.localAddress() instanceof InetSocketAddress tcp ? NbdAddress.tcp(tcp) : config.address();
    }

    /** Stops listening, lets what runs finish and be answered, then ends the connections and its threads. */
    @Override
    public void close()
    {
        if (closed)
        {
            return;
        }
        closed = true;
        if (listener != null)
        {
            listener.close().awaitUninterruptibly();
        }
        if (socketFile != null)
        {
            socketFile.remove();
        }
        clients.finish(config.closeTimeout().toNanos());
        workers.shutdown();
        awaitWorkers();
        Transport.stop(loops);
    }

    private void listen() throws DeviceException
    {
        if (socketFile != null)
        {
            socketFile.clear();
        }
        final ServerBootstrap bootstrap = new ServerBootstrap()
            .group(loops)
            .channel(Transport.listening(config.address()))
            .childOption(ChannelOption.ALLOCATOR, Transport.SMALL)
            .childOption(ChannelOption.RECVBUF_ALLOCATOR, new AdaptiveRecvByteBufAllocator(512, 16_384, 262_144))
            .childHandler(new Entrance());
        if (socketFile == null)
        {
            bootstrap.option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                // a client whose machine died must not keep its place for ever
                .childOption(ChannelOption.SO_KEEPALIVE, true);
        }
        final ChannelFuture bound = bootstrap.bind(Transport.socketAddress(config.address())).awaitUninterruptibly();
        if (!bound.isSuccess())
        {
            throw new DeviceException(Errno.EBUSY, "cannot listen on " + config.address() + ": " +
                Transport.reason(bound.cause()) + "; is another process using it, or is it not of this machine?");
        }
        listener = bound.channel();
        claimSocketFile();
    }

    private void claimSocketFile() throws DeviceException
    {
        try
        {
            if (socketFile != null)
            {
                socketFile.claim();
            }
        }
        catch (final IOException failed)
        {
            throw new DeviceException(Errno.EACCES, "cannot listen on " + config.address() + ": " + failed);
        }
    }

    private void awaitWorkers()
    {
        boolean interrupted = false;
        boolean ended = false;
        while (!ended)
        {
            try
            {
                // no limit: whoever closes a device while a request is inside it corrupts it
                ended = workers.awaitTermination(1, TimeUnit.HOURS);
            }
            catch (final InterruptedException ex)
            {
                interrupted = true;
            }
        }
        if (interrupted)
        {
            Thread.currentThread().interrupt();
        }
    }

    /** Receives every client; on the event loop of its connection. */
    private final class Entrance extends ChannelInitializer<Channel>
    {
        @Override
        protected void initChannel(final Channel channel)
        {
            channel.pipeline().addLast(
                new ServerHandshake(exports, clients, config.handshakeTimeout(), NbdServer.this::session, events));
        }
    }

    private ServerSession session(final ServerSession.Agreed agreed)
    {
        return new ServerSession(
            agreed, workers, config.requestsPerConnection(), config.bytesPerConnection(), events);
    }
}
