package io.farblock.blockdev;

import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A device in memory, sparse in chunks of 64 KiB: what a simulation, a benchmark or a test runs on. Never touched
 * chunks cost nothing and are holes. Flush always succeeds: there is nothing to lose.
 */
public final class MemoryBlockDevice implements BlockDevice
{
    private static final int CHUNK_BYTES = 64 * 1024;
    private static final int PROBES = 1024;

    private final ConcurrentHashMap<Long, ByteBuffer> chunks = new ConcurrentHashMap<>();
    private final Geometry geometry;
    private final String name;

    public MemoryBlockDevice(final String name, final long sizeBytes)
    {
        this.name = name;
        this.geometry = new Geometry(sizeBytes, 512, 1);
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
            final long at = offsetBytes + done;
            final int within = (int)(at % CHUNK_BYTES);
            final int length = Math.min(lengthBytes - done, CHUNK_BYTES - within);
            final ByteBuffer chunk = chunks.get(at / CHUNK_BYTES);
            if (chunk != null)
            {
                buffer.put(index + done, chunk, within, length);
            }
            else
            {
                fillZero(buffer, index + done, length);
            }
            done += length;
        }
        return lengthBytes;
    }

    @Override
    public int write(final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
    {
        int done = 0;
        while (done < lengthBytes)
        {
            final long at = offsetBytes + done;
            final int within = (int)(at % CHUNK_BYTES);
            final int length = Math.min(lengthBytes - done, CHUNK_BYTES - within);
            chunks.computeIfAbsent(at / CHUNK_BYTES, key -> ByteBuffer.allocateDirect(CHUNK_BYTES))
                .put(within, buffer, index + done, length);
            done += length;
        }
        return lengthBytes;
    }

    @Override
    public int zero(final long offsetBytes, final long lengthBytes)
    {
        final long end = offsetBytes + lengthBytes;
        long at = offsetBytes;
        while (at < end)
        {
            final int within = (int)(at % CHUNK_BYTES);
            final int length = (int)Math.min(end - at, CHUNK_BYTES - within);
            if (length == CHUNK_BYTES)
            {
                chunks.remove(at / CHUNK_BYTES);
            }
            else
            {
                final ByteBuffer chunk = chunks.get(at / CHUNK_BYTES);
                if (chunk != null)
                {
                    fillZero(chunk, within, length);
                }
            }
            at += length;
        }
        return 0;
    }

    @Override
    public int discard(final long offsetBytes, final long lengthBytes)
    {
        return zero(offsetBytes, lengthBytes);
    }

    @Override
    public int flush()
    {
        return 0;
    }

    @Override
    public long nextData(final long offsetBytes)
    {
        return next(offsetBytes, true);
    }

    @Override
    public long nextHole(final long offsetBytes)
    {
        return next(offsetBytes, false);
    }

    @Override
    public String name()
    {
        return name;
    }

    @Override
    public void close()
    {
        chunks.clear();
    }

    private long next(final long offsetBytes, final boolean data)
    {
        final long chunksInAll = (geometry.sizeBytes() + CHUNK_BYTES - 1) / CHUNK_BYTES;
        long chunk = offsetBytes / CHUNK_BYTES;
        for (int i = 0; i < PROBES && chunk < chunksInAll && chunks.containsKey(chunk) != data; i++)
        {
            chunk++;
        }
        if (data && chunk < chunksInAll && !chunks.containsKey(chunk))
        {
            chunk = firstFrom(chunk, chunksInAll);
        }
        while (chunk < chunksInAll && chunks.containsKey(chunk) != data)
        {
            chunk++;
        }
        return Math.min(Math.max(offsetBytes, chunk * CHUNK_BYTES), geometry.sizeBytes());
    }

    /** In a large hole it is quicker to look at all that there is. */
    private long firstFrom(final long chunk, final long otherwise)
    {
        long first = otherwise;
        for (final long there : chunks.keySet())
        {
            first = there >= chunk ? Math.min(first, there) : first;
        }
        return first;
    }

    private static void fillZero(final ByteBuffer buffer, final int index, final int lengthBytes)
    {
        int at = index;
        final int end = index + lengthBytes;
        for (; at <= end - 8; at += 8)
        {
            buffer.putLong(at, 0L);
        }
        for (; at < end; at++)
        {
            buffer.put(at, (byte)0);
        }
    }
}
