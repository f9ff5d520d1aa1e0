package io.farblock.blockdev.bpf;

import java.nio.ByteBuffer;

/**
 * Which sectors of a disk belong to a volume, and where its map keeps its levels: one entry of a disk's list, which
 * programs walk. An immutable value.
 *
 * <pre>
 *    0  u64 first sector    8  u64 last sector    16  u64 last sector of the disk
 *   24  u32 slot, from 1; 0 ends the list         28  u32 fine   32  u32 coarse   36  u32 top
 * </pre>
 *
 * @param first    first sector of the volume, from the start of the disk.
 * @param last     its last sector.
 * @param diskLast the last sector of the disk; writes beyond it should not exist.
 * @param slot     which of the tracked volumes it is, from 0.
 * @param layout   of the volume's map.
 */
record VolumeWindow(long first, long last, long diskLast, int slot, DirtyLayout layout)
{
    static final int FIRST = 0;
    static final int LAST = 8;
    static final int DISK_LAST = 16;
    static final int SLOT_FROM_ONE = 24;
    static final int FINE = 28;
    static final int COARSE = 32;
    static final int TOP = 36;
    static final int BYTES = 40;
    /** Volumes on one disk, as its partitions. */
    static final int PER_DISK = 8;

    void putInto(final ByteBuffer list, final int index)
    {
        final int at = index * BYTES;
        list.putLong(at + FIRST, first);
        list.putLong(at + LAST, last);
        list.putLong(at + DISK_LAST, diskLast);
        list.putInt(at + SLOT_FROM_ONE, slot + 1);
        list.putInt(at + FINE, (int)layout.fine());
        list.putInt(at + COARSE, (int)layout.coarse());
        list.putInt(at + TOP, (int)layout.top());
    }

    /** The slot of an entry of a disk's list, or -1 behind its end. */
    static int slotAt(final ByteBuffer list, final int index)
    {
        return index >= PER_DISK ? -1 : list.getInt(index * BYTES + SLOT_FROM_ONE) - 1;
    }

    /** Takes an entry out of a disk's list; the rest moves up. */
    static void remove(final ByteBuffer list, final int index)
    {
        final int at = index * BYTES;
        final int end = PER_DISK * BYTES;
        for (int i = at; i < end; i += 8)
        {
            list.putLong(i, i + BYTES < end ? list.getLong(i + BYTES) : 0);
        }
    }
}
