package io.farblock.blockdev.nbd;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.Errno;
import io.farblock.blockdev.Geometry;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import java.nio.ByteBuffer;

/**
 * A slot for one request of one connection: filled on the event loop, run on a worker, answered on the event loop, and
 * then used again. Only one of them has it at any time. Its memory comes from a pool when the request begins, goes back
 * when the reply has left, and is never more than the protocol's longest payload and a page.
 */
final class ServerRequest implements Runnable, ChannelFutureListener
{
    /** Before a payload: room for the reply's header, so that both leave as one, with the payload on a page. */
    static final int HEADROOM_BYTES = AlignedBuffers.PAGE_BYTES;

    private static final int KNOWN_FLAGS = Protocol.CMD_FLAG_FUA | Protocol.CMD_FLAG_NO_HOLE | Protocol.CMD_FLAG_DF |
        Protocol.CMD_FLAG_REQ_ONE;

    private final ServerSession session;
    private final Segments segments = new Segments();
    private int type;
    private int flags;
    private long cookie;
    private long offsetBytes;
    private long lengthBytes;
    private long receivedBytes;
    private ByteBuf buffer;
    private int error;

    ServerRequest(final ServerSession session)
    {
        this.session = session;
    }

    /** What a request takes of its connection's share. */
    static int payloadBytes(final int type, final long lengthBytes)
    {
        final boolean carries = type == Protocol.CMD_READ || type == Protocol.CMD_WRITE;
        // a longer one is refused, or ends the connection: it takes none
        return carries && lengthBytes <= Protocol.PAYLOAD_LIMIT_BYTES ? (int)lengthBytes : 0;
    }

    int payloadBytes()
    {
        return payloadBytes(type, lengthBytes);
    }

    /** Takes over a header; memory only for what is not refused. */
    void begin(final HeaderBytes header)
    {
        flags = header.unsignedShort(4);
        type = header.unsignedShort(6);
        cookie = header.number(8);
        offsetBytes = header.number(16);
        lengthBytes = header.unsignedInteger(24);
        error = refusal();
        if (error == 0 && (payloadBytes() > 0 || type == Protocol.CMD_BLOCK_STATUS))
        {
            buffer = Transport.PAYLOADS.directBuffer(HEADROOM_BYTES + payloadBytes());
        }
    }

    boolean isRefused()
    {
        return error != 0;
    }

    /** Takes payload, which is dropped if the write is refused; whether it was the last. */
    boolean receive(final ByteBuf in)
    {
        final int length = (int)Math.min(lengthBytes - receivedBytes, in.readableBytes());
        if (buffer == null)
        {
            in.skipBytes(length);
        }
        else
        {
            in.readBytes(buffer, HEADROOM_BYTES + (int)receivedBytes, length);
        }
        receivedBytes += length;
        return receivedBytes == lengthBytes;
    }

    @Override
    public void run()
    {
        try
        {
            error = session.isGone() ? Errno.ESHUTDOWN : -Math.min(0, execute(session.device()));
        }
        catch (final Throwable broken)
        {
            // whatever a device throws, the client gets an answer and the slot comes back
            error = Errno.EIO;
            session.failed(broken);
        }
        session.completed(this);
    }

    /** On the event loop. The slot is free when the last part has left. */
    void writeReply(final ChannelHandlerContext ctx)
    {
        final boolean carries = error == 0 && segments.count() > 0;
        if (!carries)
        {
            ctx.write(isChunked() ? Replies.error(ctx.alloc(), cookie, WireErrors.toWire(error)) :
                Replies.simple(ctx.alloc(), cookie, WireErrors.toWire(error))).addListener(this);
            return;
        }
        for (int i = 0; i < segments.count() - 1; i++)
        {
            ctx.write(segments.part(buffer, i));
        }
        ctx.write(segments.part(buffer, segments.count() - 1)).addListener(this);
    }

    @Override
    public void operationComplete(final ChannelFuture written)
    {
        session.release(this);
    }

    void clear()
    {
        if (buffer != null)
        {
            buffer.release();
            buffer = null;
        }
        segments.clear();
        receivedBytes = 0;
        lengthBytes = 0;
    }

    private int execute(final BlockDevice device)
    {
        return switch (type)
        {
            case Protocol.CMD_READ -> read(device);
            case Protocol.CMD_WRITE -> write(device, payload());
            case Protocol.CMD_FLUSH -> device.flush();
            case Protocol.CMD_TRIM -> flushed(device, trim(device));
            case Protocol.CMD_WRITE_ZEROES -> zero(device);
            default -> new StatusReply(buffer, segments).fill(device, cookie, offsetBytes, lengthBytes,
                has(Protocol.CMD_FLAG_REQ_ONE));
        };
    }

    private int read(final BlockDevice device)
    {
        final ReadReply reply = new ReadReply(device, buffer, segments, cookie);
        return session.agreed().structured() ?
            reply.readChunks(offsetBytes, (int)lengthBytes, has(Protocol.CMD_FLAG_DF)) :
            reply.readPlain(offsetBytes, (int)lengthBytes);
    }

    private int write(final BlockDevice device, final ByteBuffer payload)
    {
        return has(Protocol.CMD_FLAG_FUA) ?
            device.writeDurable(offsetBytes, payload, payload.position(), (int)lengthBytes) :
            device.write(offsetBytes, payload, payload.position(), (int)lengthBytes);
    }

    /** Advice: a device that cannot has not failed. */
    private int trim(final BlockDevice device)
    {
        final int result = device.discard(offsetBytes, lengthBytes);
        return result == -Errno.EOPNOTSUPP ? 0 : result;
    }

    private int zero(final BlockDevice device)
    {
        if (has(Protocol.CMD_FLAG_NO_HOLE))
        {
            return flushed(device, Zeros.write(device, offsetBytes, lengthBytes));
        }
        return has(Protocol.CMD_FLAG_FUA) ? device.zeroDurable(offsetBytes, lengthBytes) :
            device.zero(offsetBytes, lengthBytes);
    }

    /** FUA, for what a device can do durably only by flushing everything. */
    private int flushed(final BlockDevice device, final int result)
    {
        return result < 0 || !has(Protocol.CMD_FLAG_FUA) ? result : device.flush();
    }

    private ByteBuffer payload()
    {
        return buffer.internalNioBuffer(HEADROOM_BYTES, (int)lengthBytes);
    }

    private boolean has(final int flag)
    {
        return (flags & flag) != 0;
    }

    /** Whether the reply, also of an error, has to be made of chunks. */
    private boolean isChunked()
    {
        return session.agreed().structured() && (type == Protocol.CMD_READ || type == Protocol.CMD_BLOCK_STATUS);
    }

    /** Everything that can be known to be wrong from the header; 0 when nothing is. */
    private int refusal()
    {
        if ((flags & ~KNOWN_FLAGS) != 0)
        {
            return Errno.EINVAL;
        }
        return switch (type)
        {
            case Protocol.CMD_FLUSH -> 0;
            case Protocol.CMD_READ ->
                lengthBytes > Protocol.PAYLOAD_LIMIT_BYTES ? Errno.EINVAL : badRange(Errno.EINVAL);
            case Protocol.CMD_BLOCK_STATUS -> session.agreed().status() ? badRange(Errno.EINVAL) : Errno.EINVAL;
            case Protocol.CMD_WRITE, Protocol.CMD_TRIM, Protocol.CMD_WRITE_ZEROES ->
                session.agreed().export().readOnly() ? Errno.EPERM : badRange(Errno.ENOSPC);
            default -> Errno.EINVAL;
        };
    }

    private int badRange(final int beyondTheEnd)
    {
        final Geometry geometry = session.device().geometry();
        if (((offsetBytes | lengthBytes) & (geometry.sectorBytes() - 1)) != 0 || offsetBytes < 0 || lengthBytes == 0)
        {
            return Errno.EINVAL;
        }
        return offsetBytes > geometry.sizeBytes() - lengthBytes ? beyondTheEnd : 0;
    }
}
