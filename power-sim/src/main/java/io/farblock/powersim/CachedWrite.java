package io.farblock.powersim;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * One write that is not on the medium, or what later ones have left of it; zeros without data. Guarded by its device's
 * lock; its bytes never change.
 */
final class CachedWrite
{
    final long offsetBytes;
    final long lengthBytes;
    /** Somebody was told that it is durable. */
    boolean promised;
    private final byte[] data;
    private final int dataFrom;

    /** @param data of {@code lengthBytes}, which becomes its own; null for zeros. */
    CachedWrite(final long offsetBytes, final long lengthBytes, final byte[] data)
    {
        this(offsetBytes, lengthBytes, data, 0, false);
    }

    private CachedWrite(
        final long offsetBytes, final long lengthBytes, final byte[] data, final int dataFrom, final boolean promised)
    {
        this.offsetBytes = offsetBytes;
        this.lengthBytes = lengthBytes;
        this.data = data;
        this.dataFrom = dataFrom;
        this.promised = promised;
    }

    long end()
    {
        return offsetBytes + lengthBytes;
    }

    boolean isZeros()
    {
        return data == null;
    }

    boolean touches(final long from, final long to)
    {
        return offsetBytes < to && from < end();
    }

    /** What is left of it outside of {@code [from, to)}. */
    List<CachedWrite> without(final long from, final long to)
    {
        final List<CachedWrite> rest = new ArrayList<>(2);
        if (offsetBytes < from)
        {
            rest.add(part(offsetBytes, Math.min(from, end())));
        }
        if (to < end())
        {
            rest.add(part(Math.max(to, offsetBytes), end()));
        }
        return rest;
    }

    private CachedWrite part(final long from, final long to)
    {
        final int skipped = data == null ? 0 : (int)(from - offsetBytes);
        return new CachedWrite(from, to - from, data, dataFrom + skipped, promised);
    }

    /** Some of its bytes, of a write that has any. */
    void get(final long from, final ByteBuffer buffer, final int lengthOfPartBytes)
    {
        buffer.put(0, data, dataFrom + (int)from, lengthOfPartBytes);
    }

    /** Copies what falls into {@code [bufferOffsetBytes, bufferOffsetBytes + bufferLengthBytes)} of the device. */
    void copyTo(final ByteBuffer buffer, final int index, final long bufferOffsetBytes, final int bufferLengthBytes)
    {
        final long from = Math.max(offsetBytes, bufferOffsetBytes);
        final int length = (int)Math.max(0, Math.min(end(), bufferOffsetBytes + bufferLengthBytes) - from);
        final int at = index + (int)(from - bufferOffsetBytes);
        if (length > 0 && data != null)
        {
            buffer.put(at, data, dataFrom + (int)(from - offsetBytes), length);
        }
        for (int i = 0; i < length && data == null; i++)
        {
            buffer.put(at + i, (byte)0);
        }
    }
}
