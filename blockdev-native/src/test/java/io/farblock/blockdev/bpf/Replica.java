package io.farblock.blockdev.bpf;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.Errno;
import io.farblock.blockdev.dirty.DirtyMap;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A copy of a device that is kept only by reading what a tracker names, so that every write that the tracker misses is
 * a difference in the end. Counts what it read for nothing. One thread.
 */
final class Replica
{
    private static final int CHUNK_BYTES = 1024 * 1024;

    private final BlockDevice device;
    private final ByteBuffer copy;
    private final ByteBuffer chunk = AlignedBuffers.allocate(CHUNK_BYTES);
    private long harvested;
    private long unchanged;

    /** A copy of nothing; {@code copy} may hold an earlier one. */
    Replica(final BlockDevice device, final ByteBuffer copy)
    {
        this.device = device;
        this.copy = copy;
    }

    /** Reads all of the device. */
    void readAll() throws IOException
    {
        for (long at = 0; at < copy.capacity(); at += CHUNK_BYTES)
        {
            copy.put((int)at, read(at, (int)Math.min(CHUNK_BYTES, copy.capacity() - at)), 0, chunk.limit());
        }
    }

    /** Reads what an epoch names, granule by granule, neighbours together. */
    void apply(final DirtyMap epoch) throws IOException
    {
        long granule = epoch.next(0);
        while (granule >= 0)
        {
            final long first = granule;
            long next = granule;
            while (next == granule && (granule + 1 - first) * DirtyMap.GRANULE_BYTES <= CHUNK_BYTES)
            {
                granule++;
                next = epoch.next(granule);
            }
            final long offset = first * DirtyMap.GRANULE_BYTES;
            read(offset, (int)Math.min((granule - first) * DirtyMap.GRANULE_BYTES, copy.capacity() - offset));
            store((int)offset);
            granule = next;
        }
    }

    /** The first byte that differs from the device, or -1. */
    long mismatch() throws IOException
    {
        for (int at = 0; at < copy.capacity(); at += CHUNK_BYTES)
        {
            final int length = Math.min(CHUNK_BYTES, copy.capacity() - at);
            final int found = read(at, length).slice(0, length).mismatch(copy.slice(at, length));
            if (found >= 0)
            {
                return at + found;
            }
        }
        return -1;
    }

    /** Granules that were read. */
    long harvested()
    {
        return harvested;
    }

    /** Granules that were read and had not changed. */
    long unchanged()
    {
        return unchanged;
    }

    private void store(final int offset)
    {
        for (int i = 0; i < chunk.limit(); i += DirtyMap.GRANULE_BYTES)
        {
            final int length = Math.min(DirtyMap.GRANULE_BYTES, chunk.limit() - i);
            harvested++;
            if (chunk.slice(i, length).equals(copy.slice(offset + i, length)))
            {
                unchanged++;
            }
            copy.put(offset + i, chunk, i, length);
        }
    }

    private ByteBuffer read(final long offset, final int length) throws IOException
    {
        chunk.clear().limit(length);
        final int result = device.read(offset, chunk, 0, length);
        if (result != length)
        {
            throw new IOException("cannot read " + length + " bytes at " + offset + ": " + Errno.describe(result));
        }
        return chunk;
    }
}
