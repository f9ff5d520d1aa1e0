package io.farblock.blockdev.nbd;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.CheckedBlockDevice;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;

/**
 * One connection after the handshake: requests in, replies out in whatever order devices answer. On its event loop,
 * but for {@link #completed} and {@link #isGone}, which workers call.
 *
 * <p>A request has a slot and, if it carries payload, bytes, from when its header was read until its reply has left for
 * the client or the connection is gone. When there is no slot or not enough bytes, nothing more is read: that is all
 * the back-pressure there is, and it bounds what waits to be written as well. Anything that is not a request closes the
 * connection.
 */
final class ServerSession extends ChannelInboundHandlerAdapter
{
    /** What the handshake came to; {@code status} is whether {@code base:allocation} may be asked for. */
    record Agreed(String client, NbdExport export, boolean structured, boolean status)
    {
    }

    private static final int LEAST_QUEUE = 2;

    private final Agreed agreed;
    private final BlockDevice device;
    private final Executor workers;
    private final NbdEvents events;
    private final HeaderBytes header = new HeaderBytes(Protocol.REQUEST_BYTES);
    private final ArrayDeque<ServerRequest> idle = new ArrayDeque<>();
    private final ArrayDeque<ByteBuf> arrived = new ArrayDeque<>();
    private final ManyToOneConcurrentArrayQueue<ServerRequest> completed;
    private final AtomicBoolean drainDue = new AtomicBoolean();
    private final Runnable drain = this::drain;
    private final int slots;

    private ChannelHandlerContext context;
    private int freeBytes;
    private ServerRequest receiving;
    private boolean waitsForRoom;
    private boolean ending;
    private String reason = "closed by the client";
    private volatile boolean gone;

    ServerSession(final Agreed agreed, final Executor workers, final int slots, final int payloadBytes,
        final NbdEvents events)
    {
        this.agreed = agreed;
        // its close is never called: the device is its owner's
        this.device = new CheckedBlockDevice(agreed.export().device());
        this.workers = workers;
        this.events = events;
        this.slots = slots;
        this.freeBytes = payloadBytes;
        completed = new ManyToOneConcurrentArrayQueue<>(Math.max(slots, LEAST_QUEUE));
        for (int i = 0; i < slots; i++)
        {
            idle.push(new ServerRequest(this));
        }
    }

    Agreed agreed()
    {
        return agreed;
    }

    BlockDevice device()
    {
        return device;
    }

    /** Nobody is there to be answered. */
    boolean isGone()
    {
        return gone;
    }

    /** On a worker: hands a request back to the event loop, which is woken once for all that come meanwhile. */
    void completed(final ServerRequest request)
    {
        completed.offer(request);
        if (drainDue.compareAndSet(false, true))
        {
            context.executor().execute(drain);
        }
    }

    /** On a worker: a device threw. */
    void failed(final Throwable cause)
    {
        events.failed(device.name(), cause);
    }

    @Override
    public void handlerAdded(final ChannelHandlerContext ctx)
    {
        context = ctx;
    }

    @Override
    public void channelRead(final ChannelHandlerContext ctx, final Object message)
    {
        arrived.add((ByteBuf)message);
        if (ending)
        {
            dropInput();
            return;
        }
        proceed();
        ctx.flush();
    }

    @Override
    public void channelInactive(final ChannelHandlerContext ctx)
    {
        gone = true;
        dropInput();
        events.closed(agreed.client(), reason);
    }

    @Override
    public void userEventTriggered(final ChannelHandlerContext ctx, final Object event)
    {
        if (event == Clients.FINISH)
        {
            finish("the server is closing");
        }
    }

    @Override
    public void exceptionCaught(final ChannelHandlerContext ctx, final Throwable cause)
    {
        end("broken: " + cause);
    }

    /** The reply has left, or never will: the slot is free again. */
    void release(final ServerRequest request)
    {
        freeBytes += request.payloadBytes();
        request.clear();
        idle.push(request);
        if (ending && idle.size() == slots)
        {
            context.close();
        }
        else if (waitsForRoom)
        {
            proceed();
            context.flush();
        }
    }

    private void drain()
    {
        drainDue.set(false);
        ServerRequest request = completed.poll();
        while (request != null)
        {
            reply(request);
            request = completed.poll();
        }
        context.flush();
    }

    private void reply(final ServerRequest request)
    {
        final Channel channel = context.channel();
        if (channel.isActive())
        {
            request.writeReply(context);
        }
        else
        {
            release(request);
        }
    }

    private void proceed()
    {
        final boolean waited = waitsForRoom;
        // taken back first: a request that ends in here must not come in again
        waitsForRoom = false;
        boolean room = !waited || begin();
        while (room && !arrived.isEmpty())
        {
            final ByteBuf in = arrived.peek();
            while (room && in.isReadable())
            {
                room = step(in);
            }
            if (!in.isReadable() && in == arrived.peek())
            {
                arrived.poll().release();
            }
        }
        waitsForRoom = !room && !ending;
        context.channel().config().setAutoRead(room && !ending);
    }

    /** Takes a part of what arrived; false when nothing more may be taken now. */
    private boolean step(final ByteBuf in)
    {
        if (receiving != null)
        {
            if (receiving.receive(in))
            {
                final ServerRequest whole = receiving;
                receiving = null;
                submit(whole);
            }
            return true;
        }
        return !header.fill(in, Protocol.REQUEST_BYTES) || begin();
    }

    /** Gives the request whose header is there a slot; false when it has to wait, or is the last. */
    private boolean begin()
    {
        final int type = header.unsignedShort(6);
        final long length = header.unsignedInteger(24);
        if (header.integer(0) != Protocol.REQUEST_MAGIC)
        {
            end("a request that does not begin with its magic number");
            return false;
        }
        if (type == Protocol.CMD_DISC)
        {
            finish("left by itself");
            return false;
        }
        if (type == Protocol.CMD_WRITE && length > Protocol.PAYLOAD_LIMIT_BYTES)
        {
            end("a write of " + length + " bytes, expected at most " + Protocol.PAYLOAD_LIMIT_BYTES);
            return false;
        }
        if (idle.isEmpty() || ServerRequest.payloadBytes(type, length) > freeBytes)
        {
            return false;
        }
        final ServerRequest request = idle.pop();
        request.begin(header);
        header.clear();
        freeBytes -= request.payloadBytes();
        if (type == Protocol.CMD_WRITE && length > 0)
        {
            receiving = request;
        }
        else
        {
            submit(request);
        }
        return true;
    }

    private void submit(final ServerRequest request)
    {
        if (request.isRefused())
        {
            reply(request);
        }
        else
        {
            workers.execute(request);
        }
    }

    /** Reads no further, answers what runs, then closes. */
    private void finish(final String why)
    {
        reason = why;
        ending = true;
        context.channel().config().setAutoRead(false);
        dropInput();
        if (idle.size() == slots)
        {
            context.close();
        }
    }

    private void end(final String why)
    {
        reason = why;
        ending = true;
        context.close();
    }

    private void dropInput()
    {
        waitsForRoom = false;
        while (!arrived.isEmpty())
        {
            arrived.poll().release();
        }
        if (receiving != null)
        {
            final ServerRequest partial = receiving;
            receiving = null;
            release(partial);
        }
    }
}
