package io.farblock.raidsim.disk;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.Errno;
import io.farblock.blockdev.ForwardingBlockDevice;
import io.farblock.powersim.CutLots;
import io.farblock.powersim.CutReport;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Iterator;

/**
 * The write cache of a disk, as far as a power cut is concerned: what it remembers is what each write since the last
 * flush has overwritten, oldest first. Writes go straight to the wrapped device, so reads need no look at the cache,
 * and to destage is to forget. A range that does not fit into the ring is on the medium at once.
 *
 * <pre>
 *   ring   ░░░░│ old bytes of write 7 │ of write 8 │ of write 9 │░░░░     cut: take all back, newest first,
 *              oldest: forgotten when destaged                            then do those again that survived
 * </pre>
 *
 * After a cut each sector holds what it held at the last flush or what one of the later writes put there, never
 * anything else. What exceeds the ring counts as destaged, as a real cache would do at any time.
 *
 * <p>Guarded by the disk's lock. The ring is allocated with the first write. What the wrapped device answers is passed
 * on; if it does not give what is to be remembered, nothing is written.
 */
final class VolatileCache extends ForwardingBlockDevice
{
    private final int ringBytes;
    private final ArrayDeque<Undo> undos = new ArrayDeque<>();
    private final ArrayDeque<Undo> spare = new ArrayDeque<>();
    private ByteBuffer ring;
    private long rememberedBytes;
    private long liesTold;

    VolatileCache(final BlockDevice device, final int ringBytes)
    {
        super(device);
        this.ringBytes = ringBytes;
    }

    /** All but the newest so many bytes of writes are on the medium; a write that is only in part is at risk. */
    void destage(final long leftBytes)
    {
        while (!undos.isEmpty() && rememberedBytes - undos.peekFirst().lengthBytes >= leftBytes)
        {
            forgetOldest();
        }
    }

    /** Somebody was told that everything is on the medium. */
    void promised(final DiskFault lie)
    {
        liesTold++;
        undos.forEach(undo -> undo.lie = undo.lie == null ? lie : undo.lie);
    }

    /**
     * The power goes: decides under a seed, write by write, what of it survives.
     *
     * @throws IllegalStateException when the wrapped device fails: then nothing can be said of its content.
     */
    CutReport cut(final long seed, final FaultyDisk record)
    {
        final CutLots lots = new CutLots(seed, geometry().sectorBytes());
        final ByteBuffer scratch = AlignedBuffers.allocate(undos.stream().mapToInt(undo -> undo.lengthBytes).max()
            .orElse(0));
        for (final Iterator<Undo> newestFirst = undos.descendingIterator(); newestFirst.hasNext(); )
        {
            exchange(newestFirst.next(), scratch);
        }
        for (final Undo undo : undos)
        {
            final boolean kept = lots.draw(undo.offsetBytes, undo.lengthBytes, undo.lie != null,
                (from, lengthBytes) -> again(undo, (int)from, (int)lengthBytes, scratch));
            if (!kept && undo.lie != null)
            {
                record.forgotten(undo.lie, undo.offsetBytes, undo.lengthBytes);
            }
        }
        destage(0);
        // survivors are on the medium by definition: a cache of the wrapped device must not lose them once more
        require(device.flush());
        final CutReport report = lots.report(liesTold);
        liesTold = 0;
        return report;
    }

    @Override
    public int write(final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
    {
        final int result = remember(offsetBytes, lengthBytes);
        return result < 0 ? result : device.write(offsetBytes, buffer, index, lengthBytes);
    }

    @Override
    public int zero(final long offsetBytes, final long lengthBytes)
    {
        final int result = remember(offsetBytes, lengthBytes);
        return result < 0 ? result : device.zero(offsetBytes, lengthBytes);
    }

    @Override
    public int discard(final long offsetBytes, final long lengthBytes)
    {
        final int result = remember(offsetBytes, lengthBytes);
        return result < 0 ? result : device.discard(offsetBytes, lengthBytes);
    }

    @Override
    public int flush()
    {
        final int result = device.flush();
        if (result >= 0)
        {
            destage(0);
        }
        return result;
    }

    @Override
    public void close()
    {
        undos.clear();
        device.close();
    }

    /** Keeps what is about to be overwritten; makes room for it by destaging the oldest. */
    private int remember(final long offsetBytes, final long lengthBytes)
    {
        if (lengthBytes == 0)
        {
            return 0;
        }
        if (lengthBytes > ringBytes)
        {
            // what does not fit goes to the medium at once, and everything older before it
            destage(0);
            return 0;
        }
        if (ring == null)
        {
            ring = AlignedBuffers.allocate(ringBytes);
        }
        final int at = room((int)lengthBytes);
        final int result = device.read(offsetBytes, ring, at, (int)lengthBytes);
        if (result >= 0)
        {
            undos.addLast((spare.isEmpty() ? new Undo() : spare.removeLast()).of(offsetBytes, (int)lengthBytes, at));
            rememberedBytes += lengthBytes;
        }
        return result;
    }

    /** A free place in the ring, right behind the newest or at its beginning. */
    private int room(final int lengthBytes)
    {
        final int alignment = geometry().alignmentBytes();
        while (!undos.isEmpty())
        {
            final int oldest = undos.peekFirst().at;
            final int newest = undos.peekLast().at;
            final int behind = (undos.peekLast().end() + alignment - 1) / alignment * alignment;
            final boolean wrapped = newest < oldest;
            if (behind <= (wrapped ? oldest : ringBytes) - lengthBytes)
            {
                return behind;
            }
            if (!wrapped && lengthBytes <= oldest)
            {
                return 0;
            }
            forgetOldest();
        }
        return 0;
    }

    private void forgetOldest()
    {
        final Undo oldest = undos.removeFirst();
        rememberedBytes -= oldest.lengthBytes;
        spare.addLast(oldest);
    }

    /** Swaps the device's bytes with the remembered ones: the old content is back, the new one remembered. */
    private void exchange(final Undo undo, final ByteBuffer scratch)
    {
        require(device.read(undo.offsetBytes, scratch, 0, undo.lengthBytes));
        require(device.write(undo.offsetBytes, ring, undo.at, undo.lengthBytes));
        ring.put(undo.at, scratch, 0, undo.lengthBytes);
    }

    /** Does what survives of a write. */
    private void again(final Undo undo, final int from, final int lengthBytes, final ByteBuffer scratch)
    {
        // from the start of a buffer: a device may want more alignment than a sector's
        scratch.put(0, ring, undo.at + from, lengthBytes);
        require(device.write(undo.offsetBytes + from, scratch, 0, lengthBytes));
    }

    private void require(final int result)
    {
        if (result < 0)
        {
            throw new IllegalStateException("the medium of " + name() + " says " + Errno.describe(result) +
                " in a power cut; expected it to take what survives");
        }
    }

    /** What one write has overwritten, and where in the ring that lies; used again. Guarded as its cache is. */
    private static final class Undo
    {
        private long offsetBytes;
        private int lengthBytes;
        private int at;
        private DiskFault lie;

        Undo of(final long newOffsetBytes, final int newLengthBytes, final int newAt)
        {
            offsetBytes = newOffsetBytes;
            lengthBytes = newLengthBytes;
            at = newAt;
            lie = null;
            return this;
        }

        int end()
        {
            return at + lengthBytes;
        }
    }
}
