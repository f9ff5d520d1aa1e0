package io.farblock.blockdev.nbd;

import io.farblock.blockdev.Errno;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * The connection of an {@link NbdBlockDevice} after the handshake: sends requests and sorts replies to them. On the
 * client's event loop, but for {@link #take}, {@link #give}, {@link #submit} and {@link #abandon}, which callers call.
 *
 * <p>The first thing that goes wrong (the connection is lost, a reply makes no sense, a caller's patience ends) ends
 * the connection for good; every request in flight and all later ones get that error.
 */
final class ClientSession extends ChannelInboundHandlerAdapter
{
    private static final int ERROR_BYTES = Integer.BYTES;
    private static final int HOLE_BYTES = Long.BYTES + Integer.BYTES;
    private static final int FIRST_STRETCH_BYTES = 3 * Integer.BYTES;
    private static final int WORDS_LIMIT_BYTES = 64 * 1024;
    private static final int LONGEST_HEADER_BYTES = Protocol.CHUNK_HEADER_BYTES + HOLE_BYTES;

    private final ClientRequest[] flying;
    private final ArrayBlockingQueue<ClientRequest> idle;
    private final HeaderBytes header = new HeaderBytes(LONGEST_HEADER_BYTES);
    private int wanted = Protocol.SIMPLE_REPLY_BYTES;
    private ClientRequest current;
    private long dataOffset;
    private int dataBytes;
    private long skipBytes;
    private volatile Channel channel;
    private volatile int failure;
    private volatile String reason = "";

    ClientSession(final int requests)
    {
        flying = new ClientRequest[requests];
        idle = new ArrayBlockingQueue<>(requests);
        for (int i = 0; i < requests; i++)
        {
            idle.add(new ClientRequest(this, i));
        }
    }

    /** 0, or the errno of what ended the connection. */
    int failure()
    {
        return failure;
    }

    String reason()
    {
        return reason;
    }

    /** A free slot; null when none becomes free in time. */
    ClientRequest take(final long timeoutNs)
    {
        boolean interrupted = false;
        try
        {
            while (true)
            {
                try
                {
                    return idle.poll(timeoutNs, TimeUnit.NANOSECONDS);
                }
                catch (final InterruptedException ex)
                {
                    interrupted = true;
                }
            }
        }
        finally
        {
            if (interrupted)
            {
                Thread.currentThread().interrupt();
            }
        }
    }

    void give(final ClientRequest request)
    {
        idle.add(request);
    }

    /** Hands a request over; it will complete. */
    void submit(final ClientRequest request)
    {
        try
        {
            channel.eventLoop().execute(request);
        }
        catch (final RejectedExecutionException ended)
        {
            request.takeMessage().release();
            request.fail(Errno.ENOTCONN);
            request.complete();
        }
    }

    /** The server took too long. */
    void abandon()
    {
        channel.eventLoop().execute(() -> end(Errno.ETIMEDOUT, "the server did not answer in time"));
    }

    /** Sends a request that a caller handed over. */
    void send(final ClientRequest request)
    {
        final ByteBuf message = request.takeMessage();
        if (failure != 0)
        {
            message.release();
            request.fail(failure);
            request.complete();
            return;
        }
        flying[ClientRequest.slotOf(request.cookie())] = request;
        channel.writeAndFlush(message);
    }

    @Override
    public void handlerAdded(final ChannelHandlerContext ctx)
    {
        channel = ctx.channel();
    }

    @Override
    public void channelRead(final ChannelHandlerContext ctx, final Object data)
    {
        final ByteBuf in = (ByteBuf)data;
        try
        {
            while (in.isReadable() && failure == 0)
            {
                step(in);
            }
        }
        finally
        {
            in.release();
        }
    }

    @Override
    public void channelInactive(final ChannelHandlerContext ctx)
    {
        end(Errno.ENOTCONN, "the server closed the connection");
    }

    @Override
    public void exceptionCaught(final ChannelHandlerContext ctx, final Throwable cause)
    {
        end(Errno.ENOTCONN, "the connection broke: " + Transport.reason(cause));
    }

    private void step(final ByteBuf in)
    {
        if (dataBytes > 0)
        {
            final int length = Math.min(dataBytes, in.readableBytes());
            current.fill(in, dataOffset, length);
            dataOffset += length;
            dataBytes -= length;
            finishPart();
        }
        else if (skipBytes > 0)
        {
            final int length = (int)Math.min(skipBytes, in.readableBytes());
            in.skipBytes(length);
            skipBytes -= length;
            finishPart();
        }
        else if (header.fill(in, wanted))
        {
            onHeader();
        }
    }

    private void onHeader()
    {
        final int magic = header.integer(0);
        if (magic == Protocol.SIMPLE_REPLY_MAGIC)
        {
            onSimpleReply();
        }
        else if (magic != Protocol.CHUNK_MAGIC)
        {
            end(Errno.EIO, "the server sent a reply that does not begin with a magic number");
        }
        else if (wanted == Protocol.SIMPLE_REPLY_BYTES)
        {
            wanted = Protocol.CHUNK_HEADER_BYTES;
        }
        else if (wanted == Protocol.CHUNK_HEADER_BYTES)
        {
            onChunkHeader();
        }
        else
        {
            onChunk();
        }
    }

    private void onSimpleReply()
    {
        current = find(header.number(8));
        if (current == null)
        {
            return;
        }
        final int error = header.integer(4);
        if (error != 0)
        {
            current.fail(WireErrors.fromWire(error));
        }
        else if (current.isRead())
        {
            dataOffset = current.offsetBytes();
            dataBytes = current.lengthBytes();
        }
        finishPart();
    }

    /** Of each type a fixed part is read before it is understood, of unknown errors only the number. */
    private void onChunkHeader()
    {
        final int type = header.unsignedShort(6);
        final long length = header.unsignedInteger(16);
        current = find(header.number(8));
        if (current == null)
        {
            return;
        }
        final boolean error = (type & Protocol.CHUNK_ERROR_BIT) != 0;
        final int fixed = error ? ERROR_BYTES : switch (type)
        {
            case Protocol.CHUNK_NONE -> 0;
            case Protocol.CHUNK_OFFSET_DATA -> Long.BYTES;
            case Protocol.CHUNK_OFFSET_HOLE -> HOLE_BYTES;
            case Protocol.CHUNK_BLOCK_STATUS -> FIRST_STRETCH_BYTES;
            default -> -1;
        };
        final boolean sane = type == Protocol.CHUNK_NONE || type == Protocol.CHUNK_OFFSET_HOLE ? length == fixed :
            fixed > 0 && length >= fixed && (!error || length <= WORDS_LIMIT_BYTES);
        if (!sane)
        {
            end(Errno.EIO, "the server sent a chunk of type " + type + " with " + length + " bytes");
            return;
        }
        wanted = Protocol.CHUNK_HEADER_BYTES + fixed;
        if (fixed == 0)
        {
            finishPart();
        }
    }

    private void onChunk()
    {
        final int type = header.unsignedShort(6);
        final long length = header.unsignedInteger(16);
        final int at = Protocol.CHUNK_HEADER_BYTES;
        boolean sane = true;
        if ((type & Protocol.CHUNK_ERROR_BIT) != 0)
        {
            current.fail(WireErrors.fromWire(header.integer(at)));
            skipBytes = length - ERROR_BYTES;
        }
        else if (type == Protocol.CHUNK_BLOCK_STATUS)
        {
            sane = current.isStatus();
            current.stretch(header.unsignedInteger(at + 4), (header.integer(at + 8) & Protocol.STATE_ZERO) != 0);
            skipBytes = length - FIRST_STRETCH_BYTES;
        }
        else
        {
            final boolean hole = type == Protocol.CHUNK_OFFSET_HOLE;
            final long bytes = hole ? header.unsignedInteger(at + Long.BYTES) : length - Long.BYTES;
            dataOffset = header.number(at);
            sane = current.isRead() && current.covers(dataOffset, bytes);
            if (sane && hole)
            {
                current.fillZeros(dataOffset, (int)bytes);
            }
            else if (sane)
            {
                dataBytes = (int)bytes;
            }
        }
        if (sane)
        {
            finishPart();
        }
        else
        {
            end(Errno.EIO, "the server answered something that was not asked");
        }
    }

    /** After each part of a reply: if nothing of it is to come, the next header is, and the request may be complete. */
    private void finishPart()
    {
        if (dataBytes > 0 || skipBytes > 0)
        {
            return;
        }
        final boolean last = header.integer(0) == Protocol.SIMPLE_REPLY_MAGIC ||
            (header.unsignedShort(4) & Protocol.CHUNK_FLAG_DONE) != 0;
        header.clear();
        wanted = Protocol.SIMPLE_REPLY_BYTES;
        if (last)
        {
            if (!current.isWhole())
            {
                // said to be done, with bytes missing: nothing else this server says can be believed
                end(Errno.EIO, "the server left out a part of what was read");
                return;
            }
            flying[ClientRequest.slotOf(current.cookie())] = null;
            current.complete();
        }
        current = null;
    }

    private ClientRequest find(final long cookie)
    {
        final int slot = ClientRequest.slotOf(cookie);
        final ClientRequest found = slot < flying.length ? flying[slot] : null;
        if (found == null || found.cookie() != cookie)
        {
            end(Errno.EIO, "the server answered a request that was not made");
            return null;
        }
        return found;
    }

    private void end(final int errno, final String why)
    {
        if (failure == 0)
        {
            reason = why;
            failure = errno;
        }
        channel.close();
        for (int i = 0; i < flying.length; i++)
        {
            if (flying[i] != null)
            {
                final ClientRequest request = flying[i];
                flying[i] = null;
                request.fail(failure);
                request.complete();
            }
        }
    }
}
