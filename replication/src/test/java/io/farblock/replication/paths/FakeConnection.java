package io.farblock.replication.paths;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A connection that keeps what was sent on it. One thread. */
public class FakeConnection implements Connection
{
    public final List<ByteBuffer> sent = new ArrayList<>();
    public boolean writable = true;
    public String closed;
    public int limitBytes;
    public long receivedBytes;

    @Override
    public boolean send(
        final ByteBuffer head, final int headOffset, final int headBytes,
        final ByteBuffer tail, final int tailOffset, final int tailBytes)
    {
        if (closed == null)
        {
            sent.add(ByteBuffer.allocateDirect(headBytes + tailBytes)
                .put(0, head, headOffset, headBytes)
                .put(headBytes, tail, tailOffset, tailBytes));
        }
        return closed == null;
    }

    @Override
    public void flush()
    {
    }

    @Override
    public boolean isWritable()
    {
        return writable;
    }

    @Override
    public long receivedBytes()
    {
        return receivedBytes;
    }

    @Override
    public void frameLimit(final int newLimitBytes)
    {
        limitBytes = newLimitBytes;
    }

    @Override
    public void close(final String reason)
    {
        closed = closed == null ? reason : closed;
    }

    @Override
    public String remote()
    {
        return "fake";
    }
}
