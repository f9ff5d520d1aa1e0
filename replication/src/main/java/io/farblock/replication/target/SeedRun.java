package io.farblock.replication.target;

import io.farblock.replication.merkle.TreeException;
import java.io.IOException;

/**
 * Neighbouring blocks of a seeding replica that lie next to each other in the ring's memory too, written in one call.
 *
 * <p>Apply thread. Emptied before the ring's places are given back.
 */
final class SeedRun
{
    private static final int RUN_BYTES = 1 << 20;

    private final TargetRing ring;
    private final TargetSlot[] slots;
    private ReplicaVolume volume;
    private int count;
    private int bytes;

    SeedRun(final TargetRing ring)
    {
        this.ring = ring;
        this.slots = new TargetSlot[Math.max(1, RUN_BYTES / ring.blockBytes)];
    }

    boolean isEmpty()
    {
        return count == 0;
    }

    /** Whether the slot's block can be written together with what is here. */
    boolean follows(final ReplicaVolume of, final TargetSlot slot)
    {
        if (count == 0)
        {
            return true;
        }
        final TargetSlot last = slots[count - 1];
        return of == volume && count < slots.length && slot.blockIndex == last.blockIndex + 1 &&
            last.lengthBytes == ring.blockBytes && slot.blockOffset == last.blockOffset + ring.blockBytes;
    }

    void add(final ReplicaVolume of, final TargetSlot slot)
    {
        volume = of;
        slots[count++] = slot;
        bytes += slot.lengthBytes;
    }

    ReplicaVolume volume()
    {
        return volume;
    }

    long firstBlock()
    {
        return slots[0].blockIndex;
    }

    /** Writes the run and its digests; 0 or -errno. Empty afterwards, either way. */
    int write() throws IOException
    {
        final int blocks = count;
        final int lengthBytes = bytes;
        clear();
        int result = volume.admitSeed(slots[0].blockIndex, blocks);
        if (result >= 0)
        {
            result = volume.replica().write(
                slots[0].blockIndex * volume.blockBytes(), ring.slab, slots[0].blockOffset, lengthBytes);
        }
        if (result < 0)
        {
            volume.unknown(slots[0].blockIndex, blocks);
            return result;
        }
        try
        {
            for (int i = 0; i < blocks; i++)
            {
                volume.table().set(slots[i].blockIndex, slots[i].digest);
            }
        }
        catch (final TreeException ex)
        {
            // The device has them and the table may not: believed as it is, it would hide that they differ.
            volume.unknown(slots[0].blockIndex, blocks);
            throw ex;
        }
        return 0;
    }

    void clear()
    {
        count = 0;
        bytes = 0;
    }
}
