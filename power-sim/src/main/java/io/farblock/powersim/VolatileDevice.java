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
 * whether it had reached the medium whole, not at all, or in some of its units; later writes may survive earlier ones.
 * From then on the device answers -EIO until {@link #restore()}. Reads see the cache until the cut.
 *
 * <pre>
 *   write ─> cache ── flush, or cache full (oldest first) ─> wrapped device
 *              ├───── cut: keep, drop or tear ─────────────> wrapped device
 *   durable    └───── gives up what it replaces
 *   write ─────────────────────────────────────────────────> wrapped device
 * </pre>
 *
 * After a cut each sector holds what it held at the last flush or what one of the later writes put there, never
 * anything else; what a write put into one unit of the medium is there as a whole or not at all (see
 * {@link VolatileSetup#unitBytes}). A write that was to be durable is there, and says nothing of those around it. A
 * flush that failed leaves the rest in the cache, where a cut may take it. A discarded range reads as zeros. A device
 * that was told to lie leaves in the cache what it says is durable, and what that cost is in the {@link CutReport}.
 *
 * <p>Owns the wrapped device and closes it; closing does not flush, as no power switch does. Thread safe: calls run one
 * at a time, so that the outcome depends only on their order and the seeds.
 */
public final class VolatileDevice implements BlockDevice, PoweredThing
{
    private static final int SCRATCH_BYTES = 1024 * 1024;

    private final BlockDevice device;
    private final Geometry geometry;
    private final long cacheBytes;
    private final int unitBytes;
    private final FlushLies lies;
    private final SplittableRandom lieLots;
    private final ArrayDeque<CachedWrite> cache = new ArrayDeque<>();
    private final ByteBuffer scratch = AlignedBuffers.allocate(SCRATCH_BYTES);
    private long cachedBytes;
    private long honestLeft;
    private long liesTold;
    private boolean dead;

    public VolatileDevice(final BlockDevice device)
    {
        this(device, VolatileSetup.plain());
    }

    public VolatileDevice(final BlockDevice device, final VolatileSetup setup)
    {
        this.device = device;
        this.geometry = device.geometry();
        this.cacheBytes = setup.cacheBytes();
        this.unitBytes = Math.max(setup.unitBytes(), geometry.sectorBytes());
        this.lies = setup.lies();
        this.lieLots = new SplittableRandom(lies.seed());
        this.honestLeft = lies.honest();
    }

    /**
     * The power goes.
     *
     * @throws IllegalStateException when it is gone already, or the wrapped device refuses a survivor: then nothing
     *                               can be said of its content.
     */
    @Override
    public synchronized CutReport cut(final long seed)
    {
        if (dead)
        {
            throw new IllegalStateException(name() + " has no power already; expected restore() before the next cut");
        }
        dead = true;
        final CutLots lots = new CutLots(seed, unitBytes);
        while (!cache.isEmpty())
        {
            final CachedWrite write = cache.removeFirst();
            lots.draw(write.offsetBytes, write.lengthBytes, write.promised,
                (from, lengthBytes) -> require(apply(write, from, lengthBytes)));
        }
        cachedBytes = 0;
        // survivors are on the medium by definition: a cache of the wrapped device must not lose them once more
        require(device.flush());
        final CutReport report = lots.report(liesTold);
        liesTold = 0;
        return report;
    }

    /** The power is back; the device holds what survived, and its cache is empty. */
    @Override
    public synchronized void restore()
    {
        dead = false;
    }

    @Override
    public synchronized boolean isDead()
    {
        return dead;
    }

    @Override
    public synchronized void still(final Runnable whileStill)
    {
        whileStill.run();
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
        final int result = add(copy(offsetBytes, buffer, index, lengthBytes));
        return result < 0 ? result : lengthBytes;
    }

    /** Past the cache, which gives up what this replaces; else what is older would come after it. */
    @Override
    public synchronized int writeDurable(
        final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
    {
        if (lengthBytes == 0 || dead)
        {
            return dead ? -Errno.EIO : 0;
        }
        if (isLie())
        {
            final int result = addPromised(copy(offsetBytes, buffer, index, lengthBytes));
            return result < 0 ? result : lengthBytes;
        }
        final int result = device.writeDurable(offsetBytes, buffer, index, lengthBytes);
        if (result >= 0)
        {
            replaced(offsetBytes, offsetBytes + lengthBytes);
        }
        return result;
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
    public synchronized int zeroDurable(final long offsetBytes, final long lengthBytes)
    {
        if (lengthBytes == 0 || dead)
        {
            return dead ? -Errno.EIO : 0;
        }
        if (isLie())
        {
            return addPromised(new CachedWrite(offsetBytes, lengthBytes, null));
        }
        final int result = device.zeroDurable(offsetBytes, lengthBytes);
        if (result >= 0)
        {
            replaced(offsetBytes, offsetBytes + lengthBytes);
        }
        return result;
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
        if (isLie())
        {
            cache.forEach(write -> write.promised = true);
            return 0;
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
            if (next > offsetBytes && !write.isZeros() && write.end() > offsetBytes)
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

    private static CachedWrite copy(
        final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
    {
        final byte[] data = new byte[lengthBytes];
        buffer.get(index, data);
        return new CachedWrite(offsetBytes, lengthBytes, data);
    }

    /** Whether the next promise is one in vain. */
    private boolean isLie()
    {
        if (honestLeft > 0)
        {
            honestLeft--;
            return false;
        }
        final boolean lie = lies.probability() > 0 && lieLots.nextDouble() < lies.probability();
        liesTold += lie ? 1 : 0;
        return lie;
    }

    private int addPromised(final CachedWrite write)
    {
        write.promised = true;
        return add(write);
    }

    private int add(final CachedWrite write)
    {
        cache.addLast(write);
        cachedBytes += cost(write);
        return destage(cacheBytes);
    }

    /** Something newer than all cached writes is on the medium there. */
    private void replaced(final long from, final long to)
    {
        for (int left = cache.size(); left > 0; left--)
        {
            final CachedWrite write = cache.removeFirst();
            if (!write.touches(from, to))
            {
                cache.addLast(write);
                continue;
            }
            cachedBytes -= cost(write);
            for (final CachedWrite rest : write.without(from, to))
            {
                cache.addLast(rest);
                cachedBytes += cost(rest);
            }
        }
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
        return write.isZeros() ? geometry.sectorBytes() : write.lengthBytes;
    }

    /** The end of the cached data that covers {@code offsetBytes}; that offset itself if none does. */
    private long coveredUpTo(final long offsetBytes)
    {
        long end = offsetBytes;
        for (final CachedWrite write : cache)
        {
            if (!write.isZeros() && write.offsetBytes <= offsetBytes)
            {
                end = Math.max(end, write.end());
            }
        }
        return end;
    }

    /** Brings part of a cached write to the wrapped device. */
    private int apply(final CachedWrite write, final long from, final long lengthBytes)
    {
        if (write.isZeros())
        {
            return device.zero(write.offsetBytes + from, lengthBytes);
        }
        for (long done = 0; done < lengthBytes; done += SCRATCH_BYTES)
        {
            final int length = (int)Math.min(SCRATCH_BYTES, lengthBytes - done);
            write.get(from + done, scratch, length);
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
}
