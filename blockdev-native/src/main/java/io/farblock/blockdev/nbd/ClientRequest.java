package io.farblock.blockdev.nbd;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A slot for one request at the server. A caller's thread has it from {@link #prepare} on, the event loop from when it
 * was handed over until it completes it, then the caller again; so neither sees the other's half-done work, and the
 * caller's memory is touched by nobody once the caller goes on.
 */
final class ClientRequest implements Runnable
{
    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(64 * 1024).asReadOnlyBuffer();

    private final ClientSession session;
    private final int slot;
    private final Semaphore done = new Semaphore(0);
    private long uses;
    private int type;
    private int lengthBytes;
    private long offsetBytes;
    private ByteBuf message;
    private ByteBuffer target;
    private int targetIndex;
    private long filledBytes;
    private int error;
    private long stretchBytes;
    private boolean stretchIsZero;

    ClientRequest(final ClientSession session, final int slot)
    {
        this.session = session;
        this.slot = slot;
    }

    static int slotOf(final long cookie)
    {
        return (int)cookie & 0xffff;
    }

    /** A new number for each use, so that a reply that comes twice is not taken for the next request's. */
    long cookie()
    {
        return uses << 16 | slot;
    }

    /** Writes the header; payload, of a write, may follow. */
    void prepare(final int requestType, final int flags, final long offset, final long length, final int payloadBytes)
    {
        uses++;
        type = requestType;
        offsetBytes = offset;
        lengthBytes = (int)length;
        target = null;
        filledBytes = 0;
        error = 0;
        stretchBytes = 0;
        message = Transport.PAYLOADS.directBuffer(Protocol.REQUEST_BYTES + payloadBytes)
            .writeInt(Protocol.REQUEST_MAGIC)
            .writeShort(flags)
            .writeShort(requestType)
            .writeLong(cookie())
            .writeLong(offset)
            .writeInt((int)length);
    }

    /** Copied, so that the caller's memory is free as soon as the reply is there, whoever sent it and however early. */
    void payload(final ByteBuffer source, final int index, final int length)
    {
        final ByteBuffer room = message.internalNioBuffer(Protocol.REQUEST_BYTES, length);
        room.put(room.position(), source, index, length);
        message.writerIndex(Protocol.REQUEST_BYTES + length);
    }

    void target(final ByteBuffer buffer, final int index)
    {
        target = buffer;
        targetIndex = index;
    }

    /** Waits for the reply; false when it was not there in time. Interruption is kept for later. */
    boolean await(final long timeoutNs)
    {
        boolean interrupted = false;
        try
        {
            while (true)
            {
                try
                {
                    return done.tryAcquire(timeoutNs, TimeUnit.NANOSECONDS);
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

    /** After {@link #await} was in vain and the session was ended: the event loop lets go of it soon. */
    void awaitEnd()
    {
        done.acquireUninterruptibly();
    }

    /** 0 or -errno. */
    int result()
    {
        return -error;
    }

    /** Of a block status: how long the first stretch is, as far as was asked. */
    long stretchBytes()
    {
        return stretchBytes;
    }

    boolean stretchIsZero()
    {
        return stretchIsZero;
    }

    /** On the event loop, handed over by the caller. */
    @Override
    public void run()
    {
        session.send(this);
    }

    ByteBuf takeMessage()
    {
        final ByteBuf taken = message;
        message = null;
        return taken;
    }

    boolean isRead()
    {
        return type == Protocol.CMD_READ;
    }

    boolean isStatus()
    {
        return type == Protocol.CMD_BLOCK_STATUS;
    }

    long offsetBytes()
    {
        return offsetBytes;
    }

    int lengthBytes()
    {
        return lengthBytes;
    }

    /** Whether a piece of a read's reply is one that was asked for. */
    boolean covers(final long offset, final long length)
    {
        return offset >= offsetBytes && length >= 0 && length <= lengthBytes &&
            offset - offsetBytes <= lengthBytes - length && filledBytes + length <= lengthBytes;
    }

    /** Takes payload of a read. */
    void fill(final ByteBuf in, final long offset, final int length)
    {
        final ByteBuffer source = in.internalNioBuffer(in.readerIndex(), length);
        target.put(targetIndex + (int)(offset - offsetBytes), source, source.position(), length);
        in.skipBytes(length);
        filledBytes += length;
    }

    void fillZeros(final long offset, final int length)
    {
        final int from = targetIndex + (int)(offset - offsetBytes);
        for (int filled = 0; filled < length; filled += ZEROS.capacity())
        {
            target.put(from + filled, ZEROS, 0, Math.min(ZEROS.capacity(), length - filled));
        }
        filledBytes += length;
    }

    void stretch(final long length, final boolean zero)
    {
        stretchBytes = length;
        stretchIsZero = zero;
    }

    /** Remembers the first error of a reply. */
    void fail(final int errno)
    {
        if (error == 0)
        {
            error = errno;
        }
    }

    /** The whole of what was asked for is there, or it has failed. */
    boolean isWhole()
    {
        return error != 0 || (!isRead() || filledBytes == lengthBytes) && (!isStatus() || stretchBytes > 0);
    }

    void complete()
    {
        done.release();
    }
}
