package io.farblock.replication.target;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.replication.merkle.Digest;
import java.nio.ByteBuffer;

/**
 * Learns what a replica's device really holds by reading it: a range whose digests go into the table, a few samples
 * that are compared with it, or one block. The range may be as long as the device, so it is read in steps.
 *
 * <p>Apply thread. A device that cannot be read is the caller's to judge; the range stays as it is then.
 */
final class ReadBack
{
    private static final int SAMPLES = 64;
    private static final int STEP_BYTES = 4 << 20;

    private final ReplicaVolume volume;
    private final Digest digest = new Digest();
    private final byte[] found = new byte[32];
    private ByteBuffer buffer;
    private long next;
    private long end;

    ReadBack(final ReplicaVolume volume)
    {
        this.volume = volume;
    }

    /** Adds blocks to the range; what lies between them and what is left of it is read too. */
    void add(final long firstBlock, final long count)
    {
        final boolean isOnly = isDone();
        next = isOnly ? firstBlock : Math.min(next, firstBlock);
        end = isOnly ? firstBlock + count : Math.max(end, firstBlock + count);
    }

    /** Nothing is left to be read. */
    void clear()
    {
        next = 0;
        end = 0;
    }

    boolean isDone()
    {
        return next >= end;
    }

    /** The next block of the range; the one that could not be read, after an error. */
    long next()
    {
        return next;
    }

    long end()
    {
        return end;
    }

    /** Reads some of the range and puts its digests into the table; how many blocks, or -errno. */
    int step()
    {
        final long from = next;
        final long to = Math.min(end, from + Math.max(1, STEP_BYTES / volume.blockBytes()));
        while (next < to)
        {
            final int result = read(next);
            if (result < 0)
            {
                return result;
            }
            volume.table().set(next, found);
            next++;
        }
        return (int)(to - from);
    }

    /** The first of a few blocks, spread over the device, that is not what the table says; -1 when all are. */
    long mismatchOfSamples()
    {
        final long step = Math.max(1, volume.blocks() / SAMPLES);
        for (long block = 0; block < volume.blocks(); block += step)
        {
            final byte[] sample = digestOf(block);
            if (sample == null || !volume.table().has(block, sample))
            {
                return block;
            }
        }
        return -1;
    }

    /** The digest of a block, in a buffer of this object; null when it cannot be read. */
    byte[] digestOf(final long block)
    {
        return read(block) < 0 ? null : found;
    }

    private int read(final long block)
    {
        if (buffer == null)
        {
            buffer = AlignedBuffers.allocate(volume.blockBytes());
        }
        final int lengthBytes = volume.lengthOf(block);
        final int result = volume.replica().read(block * volume.blockBytes(), buffer, 0, lengthBytes);
        if (result >= 0)
        {
            buffer.limit(lengthBytes).position(0);
            digest.of(buffer, found);
            buffer.clear();
        }
        return result;
    }
}
