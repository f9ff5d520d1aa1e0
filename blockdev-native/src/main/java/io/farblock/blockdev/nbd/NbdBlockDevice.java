package io.farblock.blockdev.nbd;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.DeviceException;
import io.farblock.blockdev.Errno;
import io.farblock.blockdev.Geometry;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * An export of an NBD server as a device, over one connection. Calls wait on the caller's thread; several run at once.
 * What is longer than a piece goes piece by piece. Ranges are not checked here: put a
 * {@link io.farblock.blockdev.CheckedBlockDevice} around it.
 *
 * <p>When the connection is lost (ENOTCONN), the server makes no sense (EIO), or an answer takes too long (ETIMEDOUT),
 * every call in flight and every later one fails so: it never connects again, since a server that was away may have
 * forgotten writes that it had not flushed. A server that cannot flush makes {@link #flush} fail, unless the export is
 * read-only: then there is nothing to lose.
 */
public final class NbdBlockDevice implements BlockDevice
{
    /** Bounds the memory of writes in flight. */
    private static final int LONGEST_PIECE_BYTES = 4 * 1024 * 1024;
    /** Of requests without payload: a multiple of every sector, and no sign in 32 bits. */
    private static final long LONGEST_RANGE_BYTES = 1L << 30;
    /** Beside a length in whole sectors. */
    private static final long ZEROS = 1;

    private final NbdClientConfig config;
    private final EventLoopGroup loop;
    private final ClientSession session;
    private final Channel channel;
    private final Negotiated agreed;
    private final Geometry geometry;
    private final int pieceBytes;
    private volatile boolean closed;

    private NbdBlockDevice(final NbdClientConfig config, final EventLoopGroup loop, final ClientSession session,
        final Channel channel, final Negotiated agreed) throws DeviceException
    {
        this.config = config;
        this.loop = loop;
        this.session = session;
        this.channel = channel;
        this.agreed = agreed;
        geometry = agreed.geometry(config.toString());
        pieceBytes = (int)Math.min(LONGEST_PIECE_BYTES, agreed.maximumBytes()) & -geometry.sectorBytes();
    }

    /**
     * Connects and agrees with the server.
     *
     * @throws DeviceException when that is not possible; it says why.
     */
    public static NbdBlockDevice connect(final NbdClientConfig config) throws DeviceException
    {
        final EventLoopGroup loop = Transport.loops(1, (number) -> "nbd-client");
        try
        {
            final CompletableFuture<Negotiated> outcome = new CompletableFuture<>();
            final ClientSession session = new ClientSession(config.requests());
            final Channel channel = begin(config, loop, outcome, session);
            return new NbdBlockDevice(config, loop, session, channel, await(config, outcome));
        }
        catch (final DeviceException | RuntimeException failed)
        {
            Transport.stop(loop);
            throw failed;
        }
    }

    /** Whether the server refuses writes. */
    public boolean isReadOnly()
    {
        return agreed.has(Protocol.FLAG_READ_ONLY);
    }

    /** Why all calls fail; empty while the connection stands. */
    public String failure()
    {
        return session.reason();
    }

    @Override
    public Geometry geometry()
    {
        return geometry;
    }

    @Override
    public int read(final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
    {
        int done = 0;
        while (done < lengthBytes)
        {
            final int length = Math.min(pieceBytes, lengthBytes - done);
            final int result = readPiece(offsetBytes + done, buffer, index + done, length);
            if (result < 0)
            {
                return result;
            }
            done += length;
        }
        return done == 0 ? state() : done;
    }

    @Override
    public int write(final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
    {
        return pieces(0, offsetBytes, buffer, index, lengthBytes);
    }

    /** Each piece with FUA where the server knows it, else with a flush at the end. */
    @Override
    public int writeDurable(
        final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
    {
        return agreed.has(Protocol.FLAG_SEND_FUA) ?
            pieces(Protocol.CMD_FLAG_FUA, offsetBytes, buffer, index, lengthBytes) :
            BlockDevice.super.writeDurable(offsetBytes, buffer, index, lengthBytes);
    }

    private int pieces(
        final int flags, final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
    {
        if (isReadOnly())
        {
            return -Errno.EROFS;
        }
        int done = 0;
        while (done < lengthBytes)
        {
            final int length = Math.min(pieceBytes, lengthBytes - done);
            final int result = writePiece(flags, offsetBytes + done, buffer, index + done, length);
            if (result < 0)
            {
                return result;
            }
            done += length;
        }
        return done == 0 ? state() : done;
    }

    /** By the server where it can, else by writing zeros. */
    @Override
    public int zero(final long offsetBytes, final long lengthBytes)
    {
        if (isReadOnly())
        {
            return -Errno.EROFS;
        }
        return agreed.has(Protocol.FLAG_SEND_WRITE_ZEROES) ?
            ranges(Protocol.CMD_WRITE_ZEROES, 0, offsetBytes, lengthBytes) :
            Zeros.write(this, offsetBytes, lengthBytes);
    }

    @Override
    public int zeroDurable(final long offsetBytes, final long lengthBytes)
    {
        final boolean knowsBoth = agreed.has(Protocol.FLAG_SEND_WRITE_ZEROES | Protocol.FLAG_SEND_FUA);
        return knowsBoth && !isReadOnly() ?
            ranges(Protocol.CMD_WRITE_ZEROES, Protocol.CMD_FLAG_FUA, offsetBytes, lengthBytes) :
            BlockDevice.super.zeroDurable(offsetBytes, lengthBytes);
    }

    @Override
    public int discard(final long offsetBytes, final long lengthBytes)
    {
        if (isReadOnly())
        {
            return -Errno.EROFS;
        }
        return agreed.has(Protocol.FLAG_SEND_TRIM) ? ranges(Protocol.CMD_TRIM, 0, offsetBytes, lengthBytes) :
            -Errno.EOPNOTSUPP;
    }

    @Override
    public int flush()
    {
        if (!agreed.has(Protocol.FLAG_SEND_FLUSH))
        {
            return isReadOnly() ? state() : -Errno.EOPNOTSUPP;
        }
        return range(Protocol.CMD_FLUSH, 0, 0, 0);
    }

    @Override
    public long nextData(final long offsetBytes)
    {
        return agreed.status() ? next(offsetBytes, false) : state() < 0 ? state() : offsetBytes;
    }

    @Override
    public long nextHole(final long offsetBytes)
    {
        return agreed.status() ? next(offsetBytes, true) : state() < 0 ? state() : geometry.sizeBytes();
    }

    @Override
    public String name()
    {
        return config.toString();
    }

    /** Says good-bye and ends the connection and its thread. */
    @Override
    public void close()
    {
        if (closed)
        {
            return;
        }
        closed = true;
        if (channel.isActive())
        {
            final ByteBuf goodBye = Transport.SMALL.buffer(Protocol.REQUEST_BYTES)
                .writeInt(Protocol.REQUEST_MAGIC).writeShort(0).writeShort(Protocol.CMD_DISC)
                .writeZero(Protocol.REQUEST_BYTES - Long.BYTES);
            channel.writeAndFlush(goodBye).addListener(ChannelFutureListener.CLOSE);
        }
        // whatever the server does not take goes with the event loop
        channel.closeFuture().awaitUninterruptibly(config.connectTimeout().toNanos(), TimeUnit.NANOSECONDS);
        Transport.stop(loop);
    }

    private int readPiece(final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
    {
        final ClientRequest request = take();
        if (request == null)
        {
            return unable();
        }
        request.prepare(Protocol.CMD_READ, 0, offsetBytes, lengthBytes, 0);
        request.target(buffer, index);
        return call(request);
    }

    private int writePiece(
        final int flags, final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
    {
        final ClientRequest request = take();
        if (request == null)
        {
            return unable();
        }
        request.prepare(Protocol.CMD_WRITE, flags, offsetBytes, lengthBytes, lengthBytes);
        request.payload(buffer, index, lengthBytes);
        return call(request);
    }

    private int ranges(final int type, final int flags, final long offsetBytes, final long lengthBytes)
    {
        int result = state();
        for (long done = 0; done < lengthBytes && result == 0; done += LONGEST_RANGE_BYTES)
        {
            result = range(type, flags, offsetBytes + done, Math.min(LONGEST_RANGE_BYTES, lengthBytes - done));
        }
        return result;
    }

    private int range(final int type, final int flags, final long offsetBytes, final long lengthBytes)
    {
        final ClientRequest request = take();
        if (request == null)
        {
            return unable();
        }
        request.prepare(type, flags, offsetBytes, lengthBytes, 0);
        return call(request);
    }

    /** The first place from here on that the server says reads as zeros, or that it does not say so of. */
    private long next(final long offsetBytes, final boolean zeros)
    {
        final long size = geometry.sizeBytes();
        long at = offsetBytes;
        while (at < size)
        {
            final long stretch = stretch(at, Math.min(LONGEST_RANGE_BYTES, size - at));
            if (stretch < 0 || ((stretch & ZEROS) != 0) == zeros)
            {
                return stretch < 0 ? stretch : at;
            }
            at += stretch & ~ZEROS;
        }
        return size;
    }

    /** How far it goes on as here, in whole sectors, with {@link #ZEROS} if those are zeros; or -errno. */
    private long stretch(final long offsetBytes, final long lengthBytes)
    {
        final ClientRequest request = take();
        if (request == null)
        {
            return unable();
        }
        request.prepare(Protocol.CMD_BLOCK_STATUS, Protocol.CMD_FLAG_REQ_ONE, offsetBytes, lengthBytes, 0);
        await(request);
        final int result = request.result();
        final long bytes = Math.min(request.stretchBytes(), lengthBytes);
        final boolean zeros = request.stretchIsZero();
        session.give(request);
        if (result < 0)
        {
            return result;
        }
        // a sector of which a part is data is data
        final int sector = geometry.sectorBytes();
        return zeros && bytes >= sector ? bytes & -sector | ZEROS : bytes + sector - 1 & -sector;
    }

    private int call(final ClientRequest request)
    {
        await(request);
        final int result = request.result();
        session.give(request);
        return result;
    }

    private void await(final ClientRequest request)
    {
        session.submit(request);
        if (!request.await(config.requestTimeout().toNanos()))
        {
            session.abandon();
            request.awaitEnd();
        }
    }

    /** A free slot; null when the connection has ended or none becomes free in time. */
    private ClientRequest take()
    {
        return state() < 0 ? null : session.take(config.requestTimeout().toNanos());
    }

    private int unable()
    {
        return state() < 0 ? state() : -Errno.ETIMEDOUT;
    }

    private int state()
    {
        return closed ? -Errno.EBADF : -session.failure();
    }

    private static Channel begin(final NbdClientConfig config, final EventLoopGroup loop,
        final CompletableFuture<Negotiated> outcome, final ClientSession session)
    {
        final Bootstrap bootstrap = new Bootstrap()
            .group(loop)
            .channel(Transport.connecting(config.address()))
            .option(ChannelOption.ALLOCATOR, Transport.SMALL)
            .option(ChannelOption.RECVBUF_ALLOCATOR, new AdaptiveRecvByteBufAllocator(512, 16_384, 262_144))
            .handler(new ClientHandshake(config, outcome, session));
        if (config.address().path() == null)
        {
            bootstrap.option(ChannelOption.TCP_NODELAY, true);
        }
        return bootstrap.connect(Transport.socketAddress(config.address()))
            .addListener((ChannelFutureListener)connected ->
            {
                if (!connected.isSuccess())
                {
                    outcome.completeExceptionally(new DeviceException(Errno.ECONNREFUSED, "cannot open " + config +
                        ": " + Transport.reason(connected.cause()) + "; is the server running?"));
                }
            })
            .channel();
    }

    private static Negotiated await(final NbdClientConfig config, final CompletableFuture<Negotiated> outcome)
        throws DeviceException
    {
        try
        {
            return outcome.get(config.connectTimeout().toNanos(), TimeUnit.NANOSECONDS);
        }
        catch (final ExecutionException failed)
        {
            if (failed.getCause() instanceof DeviceException refused)
            {
                throw refused;
            }
            throw new IllegalStateException(failed.getCause());
        }
        catch (final TimeoutException late)
        {
            throw new DeviceException(Errno.ETIMEDOUT, "cannot open " + config + ": the server did not agree within " +
                config.connectTimeout());
        }
        catch (final InterruptedException interrupted)
        {
            Thread.currentThread().interrupt();
            throw new DeviceException(Errno.EINTR, "cannot open " + config + ": interrupted");
        }
    }
}
