package io.farblock.raidsim.disk;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.Errno;
import io.farblock.blockdev.Geometry;
import io.farblock.powersim.CutReport;
import io.farblock.powersim.PoweredThing;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.LongUnaryOperator;

/**
 * A disk that takes time, loses what was not flushed when the power goes, keeps a health record and has every
 * {@link DiskFault}.
 *
 * <pre>
 *   request ─> faults ─> write cache ─> wrapped device       what happens to the bytes, at once, one at a time
 *      └─────> model: when it is done ─> wait for that       outside the lock
 * </pre>
 *
 * Owns the wrapped device and closes it; closing does not flush, as no power switch does. Thread safe: what happens is
 * decided one request at a time, so that it depends only on their order; several may wait at once, as long as the
 * clock allows it. Without power it answers ENXIO. Nothing in it is proportional to the size of the disk.
 */
public final class SimDisk implements BlockDevice, PoweredThing
{
    private final VolatileCache cache;
    private final FaultyDisk disk;
    private final DiskSetup setup;
    private final SimTime time;
    private final SmartLog smart = new SmartLog();
    private final FaultCosts costs;
    private DiskTiming timing;
    private boolean powered = true;
    private long operations;
    private long pausedUntilNs;

    public SimDisk(final BlockDevice device, final DiskSetup setup)
    {
        this.setup = setup;
        this.time = setup.time();
        this.costs = new FaultCosts(smart, setup.model() == null ? 0 : setup.model().errorRecoveryNs());
        this.cache = new VolatileCache(device, setup.cacheBytes());
        this.disk = new FaultyDisk(cache, time, costs, setup.listener());
        this.pausedUntilNs = time.nowNs();
        smart.powerOn(time.nowNs());
        timing = timing();
    }

    /** @see FaultyDisk#inject(DiskFault) */
    public void inject(final DiskFault fault)
    {
        disk.inject(fault);
    }

    /** @see FaultyDisk#heal(DiskFault) */
    public void heal(final DiskFault fault)
    {
        disk.heal(fault);
    }

    /** @see FaultyDisk#isUnreadable(long, long) */
    public boolean isUnreadable(final long offsetBytes, final long lengthBytes)
    {
        return disk.isUnreadable(offsetBytes, lengthBytes);
    }

    /** @see FaultyDisk#hits() */
    public List<FaultHit> hits()
    {
        return disk.hits();
    }

    /** @see FaultyDisk#hitCount() */
    public long hitCount()
    {
        return disk.hitCount();
    }

    /** What the disk says of its health; works without power too. */
    public synchronized SmartAttributes smart()
    {
        return smart.at(time.nowNs(), powered);
    }

    /** How many requests it was given while it had power. */
    public synchronized long operations()
    {
        return operations;
    }

    /** How many bytes it has read and written. */
    public synchronized long transferredBytes()
    {
        return smart.transferredBytes();
    }

    /**
     * The power goes; of what was not on the medium a seed decides, write by write, what survives.
     *
     * @throws IllegalStateException when it is gone already, or the wrapped device fails: then nothing can be said of
     *                               the content.
     */
    @Override
    public synchronized CutReport cut(final long seed)
    {
        if (!powered)
        {
            throw new IllegalStateException(name() + " has no power already; expected restore() before the next cut");
        }
        final long nowNs = time.nowNs();
        powered = false;
        smart.powerOff(nowNs);
        cache.destage(timing.volatileBytes(nowNs));
        return cache.cut(seed, disk);
    }

    /** The power is back; the disk holds what survived. Nothing happens if it was there. */
    @Override
    public synchronized void restore()
    {
        if (!powered)
        {
            powered = true;
            smart.powerOnAgain(time.nowNs());
            timing = timing();
        }
    }

    @Override
    public synchronized boolean isDead()
    {
        return !powered;
    }

    @Override
    public synchronized void still(final Runnable whileStill)
    {
        whileStill.run();
    }

    @Override
    public Geometry geometry()
    {
        return cache.geometry();
    }

    @Override
    public int read(final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
    {
        return timed(() ->
        {
            final int result = disk.read(offsetBytes, buffer, index, lengthBytes);
            smart.transferred(Math.max(0, result), 0);
            return result;
        }, (nowNs) -> timing.read(nowNs, offsetBytes, lengthBytes));
    }

    @Override
    public int write(final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
    {
        return timed(() ->
        {
            final int result = disk.write(offsetBytes, buffer, index, lengthBytes);
            smart.transferred(0, Math.max(0, result));
            return result;
        }, (nowNs) -> timing.write(nowNs, offsetBytes, lengthBytes));
    }

    @Override
    public int zero(final long offsetBytes, final long lengthBytes)
    {
        return timed(() ->
        {
            final int result = disk.zero(offsetBytes, lengthBytes);
            smart.transferred(0, result < 0 ? 0 : lengthBytes);
            return result;
        }, (nowNs) -> timing.zero(nowNs, offsetBytes, lengthBytes));
    }

    @Override
    public int discard(final long offsetBytes, final long lengthBytes)
    {
        return timed(() -> disk.discard(offsetBytes, lengthBytes), (nowNs) -> nowNs);
    }

    /** Decides a request under the lock, and waits outside of it; one that fails takes no time of the model's. */
    private int timed(final IntSupplier request, final LongUnaryOperator model)
    {
        final int result;
        final long doneNs;
        synchronized (this)
        {
            if (isOff())
            {
                return -Errno.ENXIO;
            }
            final long nowNs = time.nowNs();
            result = request.getAsInt();
            doneNs = done(nowNs, result < 0 ? nowNs : model.applyAsLong(nowNs));
        }
        time.until(doneNs);
        return result;
    }

    @Override
    public int flush()
    {
        final int result;
        final long doneNs;
        synchronized (this)
        {
            if (isOff())
            {
                return -Errno.ENXIO;
            }
            final long nowNs = time.nowNs();
            final DiskFault lie = disk.lie();
            // with the cache the model forgets; what it has destaged by now must not come back as lost
            cache.destage(timing.volatileBytes(nowNs));
            result = disk.flush();
            if (result >= 0 && lie != null)
            {
                cache.promised(lie);
            }
            doneNs = done(nowNs, result < 0 || lie != null ? nowNs : timing.flush(nowNs));
        }
        time.until(doneNs);
        return result;
    }

    @Override
    public synchronized long nextData(final long offsetBytes)
    {
        return powered ? disk.nextData(offsetBytes) : -Errno.ENXIO;
    }

    @Override
    public synchronized long nextHole(final long offsetBytes)
    {
        return powered ? disk.nextHole(offsetBytes) : -Errno.ENXIO;
    }

    @Override
    public String name()
    {
        return cache.name();
    }

    @Override
    public synchronized void close()
    {
        disk.close();
    }

    private boolean isOff()
    {
        operations += powered ? 1 : 0;
        return !powered;
    }

    /** When the request is done, whose faults have just been decided: a pause stops all of the disk, the rest it. */
    private long done(final long nowNs, final long doneNs)
    {
        pausedUntilNs = Math.max(nowNs, pausedUntilNs) + costs.takePauseNs();
        return Math.max(doneNs, pausedUntilNs) + costs.takeExtraNs();
    }

    private DiskTiming timing()
    {
        return setup.model() == null ? DiskTiming.NONE :
            setup.model().start(time.nowNs(), geometry().sizeBytes(), setup.seed());
    }
}
