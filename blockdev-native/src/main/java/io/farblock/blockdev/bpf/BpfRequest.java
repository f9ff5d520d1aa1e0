package io.farblock.blockdev.bpf;

import io.farblock.blockdev.linux.BpfCalls;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.agrona.BufferUtil;

/**
 * The arguments of one bpf(2) command, at the offsets of the kernel's {@code union bpf_attr}, and the memory that they
 * point to, which stays reachable as long as the request. May be sent again. One thread.
 */
final class BpfRequest
{
    static final int MAP_CREATE = 0;
    static final int MAP_LOOKUP = 1;
    static final int MAP_UPDATE = 2;
    static final int MAP_DELETE = 3;
    static final int PROG_LOAD = 5;
    static final int OBJ_PIN = 6;
    static final int OBJ_GET = 7;
    static final int OBJ_INFO = 15;
    static final int RAW_TRACEPOINT_OPEN = 17;
    static final int MAP_LOOKUP_BATCH = 24;

    private final ByteBuffer attributes;
    private final List<ByteBuffer> pointedTo = new ArrayList<>();

    BpfRequest(final int sizeBytes)
    {
        attributes = ByteBuffer.allocateDirect(sizeBytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    BpfRequest putInt(final int offset, final int value)
    {
        attributes.putInt(offset, value);
        return this;
    }

    BpfRequest putAddress(final int offset, final ByteBuffer memory)
    {
        pointedTo.add(memory);
        attributes.putLong(offset, BufferUtil.address(memory));
        return this;
    }

    /** A pointer to a text that ends with a zero byte. */
    BpfRequest putText(final int offset, final String text)
    {
        return putAddress(offset, zeroTerminated(text, text.getBytes(StandardCharsets.UTF_8).length + 1));
    }

    /** A name of at most 15 bytes in place; the kernel shows it to people. */
    BpfRequest putName(final int offset, final String name)
    {
        attributes.put(offset, zeroTerminated(name, 16), 0, 15);
        return this;
    }

    int getInt(final int offset)
    {
        return attributes.getInt(offset);
    }

    /** {@code >= 0}, or -errno. */
    int send(final int command)
    {
        try
        {
            return BpfCalls.bpf(command, attributes);
        }
        finally
        {
            // the kernel knows only addresses: without this the collector may free the memory under it
            Reference.reachabilityFence(this);
        }
    }

    /** Sends a command whose failure leaves nothing to go on with. */
    int sendOrThrow(final int command, final String what) throws BpfException
    {
        final int result = send(command);
        if (result < 0)
        {
            throw BpfException.refused(what, result);
        }
        return result;
    }

    private static ByteBuffer zeroTerminated(final String text, final int sizeBytes)
    {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocateDirect(sizeBytes).put(0, bytes, 0, Math.min(bytes.length, sizeBytes - 1));
    }
}
