package io.farblock.powersim;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.Errno;
import io.farblock.blockdev.Geometry;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.SplittableRandom;

/**
 * A device whose writes stay in a volatile cache until a flush. A {@link #cut} decides under a seed, write by write,
 * whether it had reached the medium whole, not at all, or in some of its sectors; later writes may survive earlier
 * ones. From then on the device answers -EIO until {@link #restore()}. Reads see the cache until the cut.
 *
 * <pre>
 *   write ─> cache ── flush, or cache full (oldest first) ─> wrapped device
 *              └───── cut: keep, drop or tear ─────────────> wrapped device
 * </pre>
 *
 * After a cut each sector holds what it held at the last flush or what one of the later writes put there, never
 * anything else. A flush that failed leaves the rest in the cache, where a cut may take it. A discarded range reads as
 * zeros.
 *
 * <p>Owns the wrapped device and closes it; closing does not flush, as no power switch does. Thread safe: calls run one
 * at a time, so that the outcome depends only on their order and the seed.
 */
public final class VolatileDevice implements BlockDevice
{
    /** How much a device caches that was not told otherwise. */
    public static final long DEFAULT_CACHE_BYTES = 64L * 1024 * 1024;

    private static final int SCRATCH_BYTES = 1024 * 1024;
    private static final int PIECES_MAX = 4096;

    private final BlockDevice device;
    private final Geometry geometry;
    private final long cacheBytes;
    private final ArrayDeque<CachedWrite> cache = new ArrayDeque<>();
    private final ByteBuffer scratch = AlignedBuffers.allocate(SCRATCH_BYTES);
    private long cachedBytes;
    private boolean dead;

    public VolatileDevice(final BlockDevice device)
    {
        this(device, DEFAULT_CACHE_BYTES);
    }

    /**
     * A device with a cache of its own size.
     *
     * @param cacheBytes what is beyond it goes to the wrapped device, oldest first, as a real cache does; zeroed and
     *                   discarded ranges count as one sector. 0 makes every write survive.
     */
    public VolatileDevice(final BlockDevice device, final long cacheBytes)
    {
        this.device = device;
        this.geometry = device.geometry();
        this.cacheBytes = cacheBytes;
    }

    /**
     * The power goes.
     *
     * @throws IllegalStateException when it is gone already, or the wrapped device refuses a survivor: then nothing
     *                               can be said of its content.
     */
    public synchronized CutReport cut(final long seed)
    {
        if (dead)
        {
            throw new IllegalStateException(name() + " has no power already; expected restore() before the next cut");
        }
        dead = true;
        final SplittableRandom random = new SplittableRandom(seed);
        final int[] counts = new int[Fate.values().length];
        while (!cache.isEmpty())
        {
            counts[survive(cache.removeFirst(), random).ordinal()]++;
        }
        cachedBytes = 0;
        // survivors are on the medium by definition: a cache of the wrapped device must not lose them once more
        require(device.flush());
        return new CutReport(
            seed, counts[Fate.KEPT.ordinal()], counts[Fate.DROPPED.ordinal()], counts[Fate.TORN.ordinal()]);
    }

    /** The power is back; the device holds what survived, and its cache is empty. */
    public synchronized void restore()
    {
        dead = false;
    }

    /** Whether the power is gone. */
    public synchronized boolean isDead()
    {
        return dead;
    }

    /** How many writes a cut would decide about now. */
    public synchronized int unflushedWrites()
    {
        return cache.size();
    }

    @Override
    public Geometry geometry()
    {
        return geometry;
    }

    @Override
    public synchronized int read(
        final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
    {
        final int result = dead ? -Errno.EIO : device.read(offsetBytes, buffer, index, lengthBytes);
        if (result > 0)
        {
            for (final CachedWrite write : cache)
            {
                write.copyTo(buffer, index, offsetBytes, result);
            }
        }
        return result;
    }

    @Override
    public synchronized int write(
        final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
    {
        if (lengthBytes == 0 || dead)
        {
            return dead ? -Errno.EIO : 0;
        }
        final byte[] data = new byte[lengthBytes];
        buffer.get(index, data);
        final int result = add(new CachedWrite(offsetBytes, lengthBytes, data));
        return result < 0 ? result : lengthBytes;
    }

    @Override
    public synchronized int zero(final long offsetBytes, final long lengthBytes)
    {
        if (lengthBytes == 0 || dead)
        {
            return dead ? -Errno.EIO : 0;
        }
        return add(new CachedWrite(offsetBytes, lengthBytes, null));
    }

    @Override
    public synchronized int discard(final long offsetBytes, final long lengthBytes)
    {
        return zero(offsetBytes, lengthBytes);
    }

    @Override
    public synchronized int flush()
    {
        if (dead)
        {
            return -Errno.EIO;
        }
        final int result = destage(0);
        // the cache may be empty although the wrapped device has not flushed what was destaged before
        return result < 0 ? result : device.flush();
    }

    @Override
    public synchronized long nextData(final long offsetBytes)
    {
        long next = dead ? -Errno.EIO : device.nextData(offsetBytes);
        for (final CachedWrite write : cache)
        {
            if (next > offsetBytes && write.data != null && write.end() > offsetBytes)
            {
                next = Math.min(next, Math.max(offsetBytes, write.offsetBytes));
            }
        }
        return next;
    }

    @Override
    public synchronized long nextHole(final long offsetBytes)
    {
        long next = dead ? -Errno.EIO : device.nextHole(offsetBytes);
        boolean moved = next >= 0;
        while (moved && next < geometry.sizeBytes())
        {
            final long covered = coveredUpTo(next);
            moved = covered > next;
            next = moved ? device.nextHole(covered) : next;
        }
        return next;
    }

    @Override
    public String name()
    {
        return "volatile " + device.name();
    }

    @Override
    public synchronized void close()
    {
        cache.clear();
        device.close();
    }

    private int add(final CachedWrite write)
    {
        cache.addLast(write);
        cachedBytes += cost(write);
        return destage(cacheBytes);
    }

    /** Moves the oldest writes to the wrapped device until at most {@code limitBytes} are cached. */
    private int destage(final long limitBytes)
    {
        while (cachedBytes > limitBytes)
        {
            final CachedWrite write = cache.peekFirst();
            final int result = apply(write, 0, write.lengthBytes);
            if (result < 0)
            {
                return result;
            }
            cache.removeFirst();
            cachedBytes -= cost(write);
        }
        return 0;
    }

    private long cost(final CachedWrite write)
    {
        return write.data == null ? geometry.sectorBytes() : write.data.length;
    }

    /** The end of the cached data that covers {@code offsetBytes}; that offset itself if none does. */
    private long coveredUpTo(final long offsetBytes)
    {
        long end = offsetBytes;
        for (final CachedWrite write : cache)
        {
            if (write.data != null && write.offsetBytes <= offsetBytes)
            {
                end = Math.max(end, write.end());
            }
        }
        return end;
    }

    private Fate survive(final CachedWrite write, final SplittableRandom random)
    {
        // a large zeroed range is torn in larger pieces, or a cut would take as long as writing it
        final long sector = geometry.sectorBytes();
        final long piece = (write.lengthBytes / PIECES_MAX / sector + 1) * sector;
        final Fate fate = Fate.values()[random.nextInt(Fate.values().length)];
        if (fate == Fate.KEPT)
        {
            require(apply(write, 0, write.lengthBytes));
        }
        if (fate == Fate.TORN)
        {
            final boolean inOrder = random.nextBoolean();
            final long upTo = random.nextLong(write.lengthBytes / piece + 1) * piece;
            for (long at = 0; at < write.lengthBytes; at += piece)
            {
                if (inOrder ? at < upTo : random.nextBoolean())
                {
                    require(apply(write, at, Math.min(piece, write.lengthBytes - at)));
                }
            }
        }
        return fate;
    }

    /** Brings part of a cached write to the wrapped device. */
    private int apply(final CachedWrite write, final long from, final long lengthBytes)
    {
        if (write.data == null)
        {
            return device.zero(write.offsetBytes + from, lengthBytes);
        }
        for (long done = 0; done < lengthBytes; done += SCRATCH_BYTES)
        {
            final int length = (int)Math.min(SCRATCH_BYTES, lengthBytes - done);
            scratch.put(0, write.data, (int)(from + done), length);
            final int result = device.write(write.offsetBytes + from + done, scratch, 0, length);
            if (result < 0)
            {
                return result;
            }
        }
        return 0;
    }

    private void require(final int result)
    {
        if (result < 0)
        {
            throw new IllegalStateException("the medium of " + name() + " says " + Errno.describe(result) +
                " in a power cut; expected it to take what survives");
        }
    }

    /** What a cut does to a write. */
    private enum Fate
    {
        KEPT, DROPPED, TORN
    }

    /** One write that is not flushed; zeros without {@code data}. The array belongs to it and never changes. */
    private record CachedWrite(long offsetBytes, long lengthBytes, byte[] data)
    {
        long end()
        {
            return offsetBytes + lengthBytes;
        }

        /** Copies what falls into {@code [bufferOffsetBytes, bufferOffsetBytes + bufferLengthBytes)} of the device. */
        void copyTo(final ByteBuffer buffer, final int index, final long bufferOffsetBytes, final int bufferLengthBytes)
        {
            final long from = Math.max(offsetBytes, bufferOffsetBytes);
            final int length = (int)Math.max(0, Math.min(end(), bufferOffsetBytes + bufferLengthBytes) - from);
            final int at = index + (int)(from - bufferOffsetBytes);
            if (length > 0 && data != null)
            {
                buffer.put(at, data, (int)(from - offsetBytes), length);
            }
            for (int i = 0; i < length && data == null; i++)
            {
                buffer.put(at + i, (byte)0);
            }
        }
    }
}
