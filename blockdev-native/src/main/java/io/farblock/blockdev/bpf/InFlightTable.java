package io.farblock.blockdev.bpf;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.Errno;
import java.nio.ByteBuffer;

/**
 * Reads which writes to a volume have begun and not ended. A write whose end no program saw stays in the table until
 * its request is used again: its granules are harvested each time, which costs reads and loses nothing. One thread.
 */
final class InFlightTable
{
    private static final int BATCH = 4096;

    private final ByteBuffer key = AlignedBuffers.allocate(8);
    private final ByteBuffer keys = AlignedBuffers.allocate(BATCH * 8);
    private final ByteBuffer entries = AlignedBuffers.allocate(BATCH * TrackingMaps.ENTRY_BYTES);
    private final BpfRequest first = new BpfRequest(56);
    private final BpfRequest next = new BpfRequest(56);
    private final BpfMap table;

    /** What to do with an entry; how many it was. */
    private interface Visitor
    {
        int visit(int index);
    }

    InFlightTable(final BpfMap table)
    {
        this.table = table;
        final ByteBuffer position = AlignedBuffers.allocate(8);
        prepare(first, position);
        prepare(next, position).putAddress(0, position);
    }

    /** Marks what is in flight to a volume. Returns how many writes that are, or -errno. */
    int markInto(final VolumeMap map, final TrackedDevice device)
    {
        return visit((index) -> mark(index * TrackingMaps.ENTRY_BYTES, map, device));
    }

    /** Removes the entries of a disk that is tracked no more. Returns how many that were, or -errno. */
    int removeAll(final long device)
    {
        return visit((index) -> entries.getLong(index * TrackingMaps.ENTRY_BYTES) == device &&
            table.delete(key.putLong(0, keys.getLong(index * 8))) == 0 ? 1 : 0);
    }

    private int visit(final Visitor visitor)
    {
        int visited = 0;
        BpfRequest request = first;
        while (true)
        {
            // the kernel puts in its place how many it gave
            final int result = request.putInt(32, BATCH).send(BpfRequest.MAP_LOOKUP_BATCH);
            if (result < 0 && result != -Errno.ENOENT)
            {
                return result;
            }
            for (int i = 0; i < request.getInt(32); i++)
            {
                visited += visitor.visit(i);
            }
            if (result == -Errno.ENOENT)
            {
                return visited;
            }
            request = next;
        }
    }

    private int mark(final int entry, final VolumeMap map, final TrackedDevice device)
    {
        final long firstSector = Math.max(entries.getLong(entry + TrackingMaps.ENTRY_FIRST), device.firstSector());
        final long lastSector = Math.min(entries.getLong(entry + TrackingMaps.ENTRY_LAST), device.lastSector());
        if (entries.getLong(entry) != device.number() || firstSector > lastSector)
        {
            return 0;
        }
        map.mark((firstSector - device.firstSector()) / DirtyLayout.GRANULE_SECTORS,
            (lastSector - device.firstSector()) / DirtyLayout.GRANULE_SECTORS);
        return 1;
    }

    private BpfRequest prepare(final BpfRequest request, final ByteBuffer position)
    {
        return request.putAddress(8, position).putAddress(16, keys).putAddress(24, entries).putInt(36, table.fd());
    }
}
