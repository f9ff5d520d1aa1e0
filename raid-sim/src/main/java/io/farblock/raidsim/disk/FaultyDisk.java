package io.farblock.raidsim.disk;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.Errno;
import io.farblock.blockdev.Geometry;
import io.farblock.raidsim.disk.BadRanges.BadRange;
import io.farblock.raidsim.disk.FaultHit.Operation;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;

/**
 * A disk that works like the device it wraps, except where a {@link DiskFault} was injected. Without faults it passes
 * everything on. A failed read leaves the caller's buffer alone.
 *
 * <p>Owns the wrapped device and closes it. Thread safe: calls run one at a time, so that which fault hits which
 * request depends only on their order. The record of hits keeps the first {@value #HITS_KEPT} and counts the rest. It
 * never waits: a disk that takes time is a {@link SimDisk}.
 */
public final class FaultyDisk implements BlockDevice
{
    /** How many hits are kept one by one. */
    public static final int HITS_KEPT = 10_000;

    private final BlockDevice device;
    private final Geometry geometry;
    private final HitLog hits;
    private final FaultCosts costs;
    private final BadRanges unreadable;
    private final BadRanges unwritable;
    private final BadRanges rotten;
    private final CountedFaults counted = new CountedFaults();
    private final Absence absence;
    private DiskFault.LyingFlush lie;

    /** A disk without a clock: faults that take time cost nothing, and a drop-out ends by the number of calls only. */
    public FaultyDisk(final BlockDevice device)
    {
        this(device, null, FaultCosts.free(), hit -> { });
    }

    FaultyDisk(
        final BlockDevice device, final SimTime time, final FaultCosts costs, final Consumer<FaultHit> listener)
    {
        this.device = device;
        this.geometry = device.geometry();
        this.costs = costs;
        hits = new HitLog(HITS_KEPT, listener);
        absence = new Absence(time);
        unreadable = new BadRanges(geometry.sectorBytes());
        unwritable = new BadRanges(geometry.sectorBytes());
        rotten = new BadRanges(geometry.sectorBytes());
    }

    /**
     * From now on the disk has this fault too. A new loss, drop-out or lie takes the place of the old one.
     *
     * @throws IllegalArgumentException for a misdirection by something that is not whole sectors.
     */
    public synchronized void inject(final DiskFault fault)
    {
        if (fault instanceof DiskFault.Ranged ranged)
        {
            places(ranged).add(ranged);
        }
        else if (fault instanceof DiskFault.Counted one)
        {
            requireSectors(one);
            counted.add(one);
        }
        else if (fault instanceof DiskFault.Loss loss)
        {
            absence.lose(loss);
        }
        else if (fault instanceof DiskFault.DropOut dropOut)
        {
            absence.dropOut(dropOut);
        }
        else if (fault instanceof DiskFault.LyingFlush lying)
        {
            lie = lying;
        }
        else
        {
            costs.add(fault);
        }
    }

    /** Takes a fault away, whatever is left of it; nothing happens if it is not there. */
    public synchronized void heal(final DiskFault fault)
    {
        if (fault instanceof DiskFault.Ranged ranged)
        {
            places(ranged).remove(fault);
        }
        counted.remove(fault);
        absence.heal(fault);
        costs.remove(fault);
        lie = lie == fault ? null : lie;
    }

    /** Whether a read of the range would fail now; asking does not count as a hit. */
    public synchronized boolean isUnreadable(final long offsetBytes, final long lengthBytes)
    {
        return absence.reason() != null || unreadable.first(offsetBytes, offsetBytes + lengthBytes) != null;
    }

    /** The requests that failed or were changed because of an injected fault, oldest first; a copy. */
    public synchronized List<FaultHit> hits()
    {
        return hits.first();
    }

    /** How many requests an injected fault made fail or changed, those beyond {@link #HITS_KEPT} included. */
    public synchronized long hitCount()
    {
        return hits.count();
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
        if (absence.reason() != null)
        {
            return refuse(Operation.READ, offsetBytes, lengthBytes);
        }
        delay(Operation.READ, offsetBytes, lengthBytes);
        final BadRange bad = unreadable.first(offsetBytes, offsetBytes + lengthBytes);
        if (bad != null)
        {
            costs.unreadable(Math.max(offsetBytes, bad.from()));
            return hits.add(bad.fault(), Operation.READ, offsetBytes, lengthBytes, Errno.EIO);
        }
        final long fromBytes = misdirect(DiskFault.MisdirectedReads.class, Operation.READ, offsetBytes, lengthBytes);
        final int result = device.read(fromBytes, buffer, index, lengthBytes);
        for (int i = 0; i < rotten.size() && result > 0; i++)
        {
            final BadRange range = rotten.get(i);
            if (range.touches(fromBytes, fromBytes + result))
            {
                RottenBits.flip(range, geometry.sectorBytes(), fromBytes, buffer, index, result);
                hits.add(range.fault(), Operation.READ, offsetBytes, lengthBytes, 0);
            }
        }
        return result;
    }

    @Override
    public synchronized int write(
        final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
    {
        if (absence.reason() != null)
        {
            return refuse(Operation.WRITE, offsetBytes, lengthBytes);
        }
        delay(Operation.WRITE, offsetBytes, lengthBytes);
        final BadRange bad = unwritable.first(offsetBytes, offsetBytes + lengthBytes);
        if (bad != null)
        {
            land(offsetBytes, buffer, index, (int)Math.max(0, bad.from() - offsetBytes));
            return hits.add(bad.fault(), Operation.WRITE, offsetBytes, lengthBytes, Errno.EIO);
        }
        final CountedFaults.Waiting lost = counted.next(DiskFault.LostWrites.class);
        if (lost != null && lengthBytes > 0)
        {
            counted.strike(lost);
            hits.add(lost.fault, Operation.WRITE, offsetBytes, lengthBytes, 0);
            return lengthBytes;
        }
        final long toBytes = misdirect(DiskFault.MisdirectedWrites.class, Operation.WRITE, offsetBytes, lengthBytes);
        final int sectors = lengthBytes / geometry.sectorBytes();
        final CountedFaults.Waiting torn = counted.next(DiskFault.TornWrites.class);
        return torn != null && sectors > 1 ? tear(torn, toBytes, buffer, index, sectors) :
            land(toBytes, buffer, index, lengthBytes);
    }

    @Override
    public synchronized int zero(final long offsetBytes, final long lengthBytes)
    {
        if (absence.reason() != null)
        {
            return refuse(Operation.ZERO, offsetBytes, lengthBytes);
        }
        delay(Operation.ZERO, offsetBytes, lengthBytes);
        final BadRange bad = unwritable.first(offsetBytes, offsetBytes + lengthBytes);
        final long length = bad == null ? lengthBytes : Math.max(0, bad.from() - offsetBytes);
        final int result = device.zero(offsetBytes, length);
        if (result >= 0)
        {
            mend(offsetBytes, offsetBytes + length);
        }
        return bad == null ? result : hits.add(bad.fault(), Operation.ZERO, offsetBytes, lengthBytes, Errno.EIO);
    }

    @Override
    public synchronized int discard(final long offsetBytes, final long lengthBytes)
    {
        if (absence.reason() != null)
        {
            return refuse(Operation.DISCARD, offsetBytes, lengthBytes);
        }
        delay(Operation.DISCARD, offsetBytes, lengthBytes);
        return device.discard(offsetBytes, lengthBytes);
    }

    @Override
    public synchronized int flush()
    {
        if (absence.reason() != null)
        {
            return refuse(Operation.FLUSH, 0, 0);
        }
        delay(Operation.FLUSH, 0, 0);
        final CountedFaults.Waiting failing = counted.next(DiskFault.FailingFlush.class);
        if (failing != null)
        {
            counted.strike(failing);
            return hits.add(failing.fault, Operation.FLUSH, 0, 0, Errno.EIO);
        }
        return lie == null ? device.flush() : hits.add(lie, Operation.FLUSH, 0, 0, 0);
    }

    @Override
    public synchronized long nextData(final long offsetBytes)
    {
        return absence.reason() == null ? device.nextData(offsetBytes) : refuse(Operation.NEXT_DATA, offsetBytes, 0);
    }

    @Override
    public synchronized long nextHole(final long offsetBytes)
    {
        return absence.reason() == null ? device.nextHole(offsetBytes) : refuse(Operation.NEXT_HOLE, offsetBytes, 0);
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

    /** The lie that the next flush would tell, or null. */
    synchronized DiskFault lie()
    {
        return lie;
    }

    /** What a lie cost later is on record too. */
    synchronized void forgotten(final DiskFault told, final long offsetBytes, final long lengthBytes)
    {
        hits.add(told, Operation.WRITE, offsetBytes, lengthBytes, 0);
    }

    private int refuse(final Operation operation, final long offsetBytes, final long lengthBytes)
    {
        final DiskFault reason = absence.reason();
        return hits.add(reason, operation, offsetBytes, lengthBytes, absence.refused());
    }

    private void delay(final Operation operation, final long offsetBytes, final long lengthBytes)
    {
        for (int i = 0; i < costs.delays(); i++)
        {
            final DiskFault fault = costs.delay(i);
            if (fault != null)
            {
                hits.add(fault, operation, offsetBytes, lengthBytes, 0);
            }
        }
        final CountedFaults.Waiting garbled = counted.next(DiskFault.LinkErrors.class);
        if (garbled != null)
        {
            counted.strike(garbled);
            costs.sentAgain((DiskFault.LinkErrors)garbled.fault);
            hits.add(garbled.fault, operation, offsetBytes, lengthBytes, 0);
        }
    }

    /** Where the request goes; both places are on record when that is not where it should. */
    private long misdirect(final Class<? extends DiskFault.Counted> kind, final Operation operation,
        final long offsetBytes, final int lengthBytes)
    {
        final CountedFaults.Waiting astray = counted.next(kind);
        final long shift = astray == null ? 0 : shiftBytes(astray.fault);
        final long last = geometry.sizeBytes() - lengthBytes;
        final long place = shift <= last - offsetBytes ? offsetBytes + shift : offsetBytes - shift;
        if (astray == null || lengthBytes == 0 || place < 0)
        {
            return offsetBytes;
        }
        counted.strike(astray);
        hits.add(astray.fault, operation, offsetBytes, lengthBytes, 0);
        if (operation == Operation.WRITE)
        {
            hits.add(astray.fault, operation, place, lengthBytes, 0);
        }
        return place;
    }

    /** Some neighbouring sectors of the write land, at least one and never all. */
    private int tear(final CountedFaults.Waiting torn, final long offsetBytes, final ByteBuffer buffer,
        final int index, final int sectors)
    {
        counted.strike(torn);
        final int landing = 1 + torn.random.nextInt(sectors - 1);
        final int anywhere = torn.random.nextInt(sectors - landing + 1) * geometry.sectorBytes();
        // the part that lands must begin where the device lets a buffer begin
        final int from = anywhere - anywhere % Math.max(geometry.sectorBytes(), geometry.alignmentBytes());
        hits.add(torn.fault, Operation.WRITE, offsetBytes, (long)sectors * geometry.sectorBytes(), 0);
        final int result = land(offsetBytes + from, buffer, index + from, landing * geometry.sectorBytes());
        return result < 0 ? result : sectors * geometry.sectorBytes();
    }

    private int land(final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
    {
        final int result = device.write(offsetBytes, buffer, index, lengthBytes);
        mend(offsetBytes, offsetBytes + Math.max(0, result));
        return result;
    }

    private void mend(final long from, final long to)
    {
        unreadable.mend(from, to);
        rotten.mend(from, to);
        costs.rewritten(from, to);
    }

    private BadRanges places(final DiskFault.Ranged fault)
    {
        return fault instanceof DiskFault.LatentSectors ? unreadable :
            fault instanceof DiskFault.UnwritableSectors ? unwritable : rotten;
    }

    private void requireSectors(final DiskFault.Counted fault)
    {
        if (shiftBytes(fault) % geometry.sectorBytes() != 0)
        {
            throw new IllegalArgumentException("shiftBytes=" + shiftBytes(fault) + " on " + device.name() +
                ", expected a multiple of its sectors of " + geometry.sectorBytes());
        }
    }

    private static long shiftBytes(final DiskFault.Counted fault)
    {
        return fault instanceof DiskFault.MisdirectedWrites writes ? writes.shiftBytes() :
            fault instanceof DiskFault.MisdirectedReads reads ? reads.shiftBytes() : 0;
    }
}
