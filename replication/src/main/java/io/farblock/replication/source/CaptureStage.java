package io.farblock.replication.source;

import io.farblock.blockdev.Errno;
import io.farblock.blockdev.dirty.DirtyMap;
import io.farblock.replication.status.StageMeter;

/**
 * Puts an epoch into the ring: its begin, one or more passes over the volumes' marked blocks, a mark for the root of
 * each volume, its end. A pass reads in ascending order and several blocks in one call; holes become single slots
 * without a read. What a later pass reads again takes the place of what an earlier one read. Stops when the ring is
 * full: that is the back-pressure of the paths, arriving here. Before it comes to that it reads block by block, since
 * whoever writes to the device waits behind each read for as long as that takes.
 *
 * <pre>
 *   begin ─> pass (volume, volume ...) ─> pass ... ─> finish: root, root ... seal
 * </pre>
 *
 * <p>Capture thread; the ring's only producer.
 */
final class CaptureStage
{
    private static final int RUN_BYTES = 1 << 20;
    /** With less than this part of the ring free it is others that we wait for. */
    private static final int ROOM_PART = 4;

    private final SourceRing ring;
    private final StageMeter meter = new StageMeter("read");

    private EpochAttempt attempt;
    private SourceGroup group;
    private boolean begun;
    /** Whether the passes are over: only marks are left to be put into the ring. */
    private boolean finishing;
    /** In a pass, its volume; then the volume whose root comes next; one more than there are when all is done. */
    private int volumeIndex;
    private SourceVolume volume;
    private long nextBlock;
    private long dataEnd;

    CaptureStage(final SourceRing ring)
    {
        this.ring = ring;
    }

    StageMeter meter()
    {
        return meter;
    }

    /** Begins with an attempt. */
    void begin(final EpochAttempt newAttempt, final SourceGroup newGroup)
    {
        attempt = newAttempt;
        group = newGroup;
        begun = false;
        finishing = false;
        beginPass();
    }

    /** Begins with the first block of what the volumes' pass maps hold now. */
    void beginPass()
    {
        toVolume(0);
    }

    /** Whether all that the pass is about is in the ring. */
    boolean isPassFinished()
    {
        return finishing || volumeIndex == group.volumes().size();
    }

    /** No more passes: the roots come, and the end. */
    void finish()
    {
        finishing = true;
        toVolume(0);
    }

    /** Whether the passes are over. */
    boolean isFinishing()
    {
        return finishing;
    }

    /** Whether all of the epoch is in the ring. */
    boolean isFinished()
    {
        return finishing && volumeIndex > group.volumes().size();
    }

    /** Puts what comes next into the ring; returns how many slots it took, 0 when there is no room or no reading. */
    int step()
    {
        if (!begun)
        {
            begun = mark(SourceSlot.Kind.BEGIN, null);
            return begun ? 1 : 0;
        }
        if (finishing)
        {
            return isFinished() || !mark(volume == null ? SourceSlot.Kind.SEAL : SourceSlot.Kind.ROOT, volume) ? 0 :
                toVolume(volumeIndex + 1);
        }
        if (isPassFinished())
        {
            return 0;
        }
        nextBlock = nextMarked(nextBlock);
        return nextBlock < volume.blocks() ? captureRun() : toVolume(volumeIndex + 1);
    }

    /** Tells all stages that the attempt is over; false when there is no room. */
    boolean abort()
    {
        return mark(SourceSlot.Kind.ABORT, null);
    }

    private int toVolume(final int index)
    {
        volumeIndex = index;
        volume = volumeIndex < group.volumes().size() ? group.volumes().get(volumeIndex) : null;
        nextBlock = 0;
        dataEnd = 0;
        return 1;
    }

    /** Puts a mark between blocks into the ring. */
    private boolean mark(final SourceSlot.Kind kind, final SourceVolume of)
    {
        if (ring.ring.remainingCapacity() == 0)
        {
            return false;
        }
        final long sequence = ring.ring.next();
        ring.ring.get(sequence).begin(kind, attempt, of);
        ring.ring.publish(sequence);
        return true;
    }

    /** Puts one run of blocks into the ring. */
    private int captureRun()
    {
        final long block = nextBlock;
        final long room = ring.ring.remainingCapacity();
        if (room == 0)
        {
            return 0;
        }
        final long offset = block * volume.blockBytes();
        if (offset >= dataEnd)
        {
            final long data = volume.device().nextData(offset);
            final long hole = data < 0 || data >= volume.sizeBytes() ? data : volume.device().nextHole(data);
            if (data < 0 || hole < 0)
            {
                fail(offset, volume.blockBytes(), (int)Math.min(data, hole));
                return 0;
            }
            if (data >= Math.min(offset + volume.blockBytes(), volume.sizeBytes()))
            {
                return hole(block, Math.min(data, volume.sizeBytes()));
            }
            dataEnd = hole;
        }
        return read(block, room < ring.slots / ROOM_PART ? 1 : (int)Math.min(room, RUN_BYTES / volume.blockBytes()));
    }

    private int hole(final long block, final long dataOffset)
    {
        final boolean toTheEnd = dataOffset == volume.sizeBytes();
        final long endBlock = toTheEnd ? volume.blocks() : dataOffset / volume.blockBytes();
        final long sequence = ring.ring.next();
        final SourceSlot slot = ring.ring.get(sequence);
        slot.begin(SourceSlot.Kind.HOLE, attempt, volume);
        slot.blockIndex = block;
        slot.blockCount = Math.min(endBlock - block, Integer.MAX_VALUE);
        ring.ring.publish(sequence);
        nextBlock = block + slot.blockCount;
        return 1;
    }

    private int read(final long block, final int limit)
    {
        final long first = ring.ring.getCursor() + 1;
        final int place = (int)(first & (ring.slots - 1));
        int count = 1;
        while (count < limit && place + count < ring.slots && isMarkedData(block + count))
        {
            count++;
        }
        final long offset = block * volume.blockBytes();
        final int lengthBytes =
            (int)(Math.min(offset + (long)count * volume.blockBytes(), volume.sizeBytes()) - offset);
        if (readRun(offset, place, count, lengthBytes) < 0)
        {
            return 0;
        }
        final long last = ring.ring.next(count);
        for (int i = 0; i < count; i++)
        {
            final SourceSlot slot = ring.ring.get(first + i);
            slot.begin(SourceSlot.Kind.BLOCK, attempt, volume);
            slot.blockIndex = block + i;
            slot.lengthBytes = volume.lengthOf(block + i);
            meter.count(slot.lengthBytes);
        }
        ring.ring.publish(first, last);
        attempt.scannedBytes += lengthBytes;
        nextBlock = block + count;
        return count;
    }

    /** Blocks are next to each other in memory only when they are as large as the slots. */
    private int readRun(final long offset, final int place, final int count, final int lengthBytes)
    {
        if (volume.blockBytes() == ring.blockBytes)
        {
            final int result = volume.device().read(offset, ring.slab, place * ring.blockBytes, lengthBytes);
            if (result >= 0)
            {
                return result;
            }
        }
        for (int i = 0; i < count; i++)
        {
            final long at = offset + (long)i * volume.blockBytes();
            final int length = (int)Math.min(volume.blockBytes(), volume.sizeBytes() - at);
            final int result = volume.device().read(at, ring.slab, (place + i) * ring.blockBytes, length);
            if (result < 0)
            {
                fail(at, length, result);
                return result;
            }
        }
        return lengthBytes;
    }

    private void fail(final long offset, final int lengthBytes, final int errno)
    {
        attempt.failure = "volume " + volume.config().name() + ": cannot read " + volume.device().name() +
            " at offset " + offset + ", length " + lengthBytes + ": " + Errno.describe(errno) +
            volume.array().map(array -> "; the array " + array.name() + " is " + array.reason()).orElse("");
    }

    private boolean isMarkedData(final long block)
    {
        final long offset = block * volume.blockBytes();
        return block < volume.blocks() && offset < dataEnd &&
            volume.passMap().isMarked(offset, volume.lengthOf(block));
    }

    private long nextMarked(final long block)
    {
        if (block >= volume.blocks())
        {
            return volume.blocks();
        }
        final long perBlock = volume.blockBytes() / DirtyMap.GRANULE_BYTES;
        final long granule = volume.passMap().next(block * perBlock);
        return granule < 0 ? volume.blocks() : granule / perBlock;
    }
}
