package io.farblock.replication.sim;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.MemoryBlockDevice;
import io.farblock.powersim.VolatileDevice;
import io.farblock.raidsim.disk.FaultyDisk;
import java.nio.ByteBuffer;
import java.util.function.Function;

/** One device of a site: outlives the processes that use it, forgets unflushed writes when the power goes. */
final class SimDisk
{
    private static final int PIECE_BYTES = 64 * 1024;

    final VolatileDevice cache;
    /** What processes open: the cache, and before it whatever is wrong with the disk. */
    final FaultyDisk disk;
    /** What the disk is in truth; null when it is nothing but a disk. Its model is the cache. */
    final SimArray array;
    final SimMarks marks;
    final long sizeBytes;
    /** Writes answer ENOSPC. */
    boolean full;
    /** The next flush fails and loses what was to be flushed, as the kernel's page cache does. */
    boolean flushFails;
    /** What others do when a process is about to read. */
    Runnable beforeRead = () -> { };
    /** One write is acknowledged and forgotten, for the proof that the checkers see it; counts down. */
    int ignoreWrite;
    /** Flushes are acknowledged and not done, for the same proof. */
    boolean ignoreFlush;

    SimDisk(final String name, final long sizeBytes)
    {
        this(name, sizeBytes, cache -> null);
    }

    /** @param below makes the array that it is. */
    SimDisk(final String name, final long sizeBytes, final Function<BlockDevice, SimArray> below)
    {
        this.sizeBytes = sizeBytes;
        this.marks = new SimMarks(sizeBytes);
        cache = new VolatileDevice(new MemoryBlockDevice(name, sizeBytes));
        array = below.apply(cache);
        disk = new FaultyDisk(array == null ? cache : array);
    }

    /** What is below does what it does by itself. */
    void tick()
    {
        if (array != null)
        {
            array.tick();
        }
    }

    void cut(final long seed)
    {
        cache.cut(seed);
        cache.restore();
    }

    /** The first bytes as anybody would read them now. */
    byte[] content(final long lengthBytes)
    {
        final byte[] content = new byte[(int)lengthBytes];
        final ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_BYTES);
        for (int at = 0; at < content.length; at += PIECE_BYTES)
        {
            final int length = Math.min(PIECE_BYTES, content.length - at);
            cache.read(at, piece, 0, length);
            piece.get(0, content, at, length);
        }
        return content;
    }

    /** As an application does it. */
    void write(final long offsetBytes, final byte[] data)
    {
        final ByteBuffer buffer = ByteBuffer.allocateDirect(data.length);
        buffer.put(0, data);
        marks.written(offsetBytes, data.length);
        disk.write(offsetBytes, buffer, 0, data.length);
    }

    /** As {@link #write}, where the kernel's programs did not run. */
    void writeUnseen(final long offsetBytes, final byte[] data)
    {
        final ByteBuffer buffer = ByteBuffer.allocateDirect(data.length);
        buffer.put(0, data);
        marks.missed();
        marks.reachedTheArray(offsetBytes, data.length);
        disk.write(offsetBytes, buffer, 0, data.length);
    }

    void zero(final long offsetBytes, final long lengthBytes)
    {
        marks.written(offsetBytes, lengthBytes);
        disk.zero(offsetBytes, lengthBytes);
    }

    void discard(final long offsetBytes, final long lengthBytes)
    {
        marks.written(offsetBytes, lengthBytes);
        disk.discard(offsetBytes, lengthBytes);
    }

    /** For a process to use and close; the disk stays. */
    BlockDevice open(final SimHost host)
    {
        return new SimHandle(this, host);
    }
}
