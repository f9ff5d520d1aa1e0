package io.farblock.raidsim.disk;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.Errno;
import io.farblock.blockdev.Geometry;
import io.farblock.raidsim.disk.FaultHit.Operation;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A disk that works like the device it wraps, except where a {@link DiskFault} was injected. Without faults it passes
 * everything on. A failed read leaves the caller's buffer alone.
 *
 * <p>Owns the wrapped device and closes it. Thread safe: calls run one at a time, so that which fault hits which
 * request depends only on their order. The record of hits keeps the first {@value #HITS_KEPT} and counts the rest.
 */
public final class FaultyDisk implements BlockDevice
{
    /** How many hits are kept one by one. */
    public static final int HITS_KEPT = 10_000;

    private final BlockDevice device;
    private final Geometry geometry;
    private final List<BadRange> unreadable = new ArrayList<>();
    private final List<BadRange> unwritable = new ArrayList<>();
    private final List<FaultHit> hits = new ArrayList<>();
    private long hitCount;
    private DiskFault.Loss loss;
    private DiskFault.FailingFlush failingFlush;
    private int flushesToFail;

    public FaultyDisk(final BlockDevice device)
    {
        this.device = device;
        this.geometry = device.geometry();
    }

    /** From now on the disk has this fault too. A new loss or failing flush takes the place of the old one. */
    public synchronized void inject(final DiskFault fault)
    {
        if (fault instanceof DiskFault.LatentSectors latent)
        {
            unreadable.add(bad(fault, latent.offsetBytes(), latent.lengthBytes()));
        }
        else if (fault instanceof DiskFault.UnwritableSectors sectors)
        {
            unwritable.add(bad(fault, sectors.offsetBytes(), sectors.lengthBytes()));
        }
        else if (fault instanceof DiskFault.FailingFlush flush)
        {
            failingFlush = flush;
            flushesToFail = flush.times();
        }
        else if (fault instanceof DiskFault.Loss lost)
        {
            loss = lost;
        }
    }

    /** Takes a fault away, whatever is left of it; nothing happens if it is not there. */
    public synchronized void heal(final DiskFault fault)
    {
        unreadable.removeIf(range -> range.fault == fault);
        unwritable.removeIf(range -> range.fault == fault);
        if (loss == fault)
        {
            loss = null;
        }
        if (failingFlush == fault)
        {
            flushesToFail = 0;
        }
    }

    /** Whether a read of the range would fail now; asking does not count as a hit. */
    public synchronized boolean isUnreadable(final long offsetBytes, final long lengthBytes)
    {
        return loss != null || first(unreadable, offsetBytes, offsetBytes + lengthBytes) != null;
    }

    /** The requests that failed because of an injected fault, oldest first; a copy. */
    public synchronized List<FaultHit> hits()
    {
        return List.copyOf(hits);
    }

    /** How many requests failed because of an injected fault, those beyond {@link #HITS_KEPT} included. */
    public synchronized long hitCount()
    {
        return hitCount;
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
        if (loss != null)
        {
            return lost(Operation.READ, offsetBytes, lengthBytes);
        }
        final BadRange bad = first(unreadable, offsetBytes, offsetBytes + lengthBytes);
        return bad == null ? device.read(offsetBytes, buffer, index, lengthBytes) :
            hit(bad.fault, Operation.READ, offsetBytes, lengthBytes, Errno.EIO);
    }

    @Override
    public synchronized int write(
        final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
    {
        if (loss != null)
        {
            return lost(Operation.WRITE, offsetBytes, lengthBytes);
        }
        final BadRange bad = first(unwritable, offsetBytes, offsetBytes + lengthBytes);
        if (bad == null)
        {
            final int result = device.write(offsetBytes, buffer, index, lengthBytes);
            mend(offsetBytes, offsetBytes + Math.max(0, result));
            return result;
        }
        final int before = (int)Math.max(0, bad.from - offsetBytes);
        final int written = before == 0 ? 0 : device.write(offsetBytes, buffer, index, before);
        mend(offsetBytes, offsetBytes + Math.max(0, written));
        return hit(bad.fault, Operation.WRITE, offsetBytes, lengthBytes, Errno.EIO);
    }

    @Override
    public synchronized int zero(final long offsetBytes, final long lengthBytes)
    {
        if (loss != null)
        {
            return lost(Operation.ZERO, offsetBytes, lengthBytes);
        }
        final BadRange bad = first(unwritable, offsetBytes, offsetBytes + lengthBytes);
        final long length = bad == null ? lengthBytes : Math.max(0, bad.from - offsetBytes);
        final int result = device.zero(offsetBytes, length);
        if (result >= 0)
        {
            mend(offsetBytes, offsetBytes + length);
        }
        return bad == null ? result : hit(bad.fault, Operation.ZERO, offsetBytes, lengthBytes, Errno.EIO);
    }

    @Override
    public synchronized int discard(final long offsetBytes, final long lengthBytes)
    {
        return loss != null ? lost(Operation.DISCARD, offsetBytes, lengthBytes) :
            device.discard(offsetBytes, lengthBytes);
    }

    @Override
    public synchronized int flush()
    {
        if (loss != null)
        {
            return lost(Operation.FLUSH, 0, 0);
        }
        if (flushesToFail > 0)
        {
            flushesToFail--;
            return hit(failingFlush, Operation.FLUSH, 0, 0, Errno.EIO);
        }
        return device.flush();
    }

    @Override
    public synchronized long nextData(final long offsetBytes)
    {
        return loss != null ? lost(Operation.NEXT_DATA, offsetBytes, 0) : device.nextData(offsetBytes);
    }

    @Override
    public synchronized long nextHole(final long offsetBytes)
    {
        return loss != null ? lost(Operation.NEXT_HOLE, offsetBytes, 0) : device.nextHole(offsetBytes);
    }

    @Override
    public String name()
    {
        return "faulty " + device.name();
    }

    @Override
    public synchronized void close()
    {
        device.close();
    }

    private int lost(final Operation operation, final long offsetBytes, final long lengthBytes)
    {
        return hit(loss, operation, offsetBytes, lengthBytes, loss.errno());
    }

    private int hit(final DiskFault fault, final Operation operation, final long offsetBytes, final long lengthBytes,
        final int errno)
    {
        if (hits.size() < HITS_KEPT)
        {
            hits.add(new FaultHit(fault, operation, offsetBytes, lengthBytes, errno));
        }
        hitCount++;
        return -errno;
    }

    /** What is left of the bad ranges when everything from {@code from} up to {@code to} has been written again. */
    private void mend(final long from, final long to)
    {
        for (int i = unreadable.size() - 1; i >= 0 && from < to; i--)
        {
            final BadRange range = unreadable.get(i);
            if (range.from < to && from < range.to)
            {
                unreadable.remove(i);
                if (range.from < from)
                {
                    unreadable.add(i, new BadRange(range.fault, range.from, from));
                }
                if (to < range.to)
                {
                    unreadable.add(i, new BadRange(range.fault, to, range.to));
                }
            }
        }
    }

    /** The bad range in which the first bad sector of the request lies, or null. */
    private static BadRange first(final List<BadRange> ranges, final long from, final long to)
    {
        BadRange first = null;
        for (final BadRange range : ranges)
        {
            if (range.from < to && from < range.to && (first == null || range.from < first.from))
            {
                first = range;
            }
        }
        return first;
    }

    private BadRange bad(final DiskFault fault, final long offsetBytes, final long lengthBytes)
    {
        final long sector = geometry.sectorBytes();
        final long end = offsetBytes + lengthBytes;
        return new BadRange(fault, offsetBytes / sector * sector, (end + sector - 1) / sector * sector);
    }

    /** Whole sectors from {@code from} up to {@code to} that a fault has made bad. Immutable. */
    private record BadRange(DiskFault fault, long from, long to)
    {
    }
}
