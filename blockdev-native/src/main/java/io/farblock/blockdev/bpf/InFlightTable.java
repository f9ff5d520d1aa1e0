package io.farblock.blockdev.bpf;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.Errno;
import java.nio.ByteBuffer;

/**
 * Reads which writes to one volume have begun and not ended. A write whose end no program saw stays in the table until
 * its request is used again: its granules are harvested each time, which costs reads and loses nothing. One thread.
 */
final class InFlightTable
{
    private static final int BATCH = 4096;

    private final ByteBuffer keys = AlignedBuffers.allocate(BATCH * 8);
    private final ByteBuffer entries = AlignedBuffers.allocate(BATCH * TrackingMaps.ENTRY_BYTES);
    private final BpfRequest first = new BpfRequest(56);
    private final BpfRequest next = new BpfRequest(56);
    private final TrackedDevice device;

    InFlightTable(final BpfMap table, final TrackedDevice device)
    {
        this.device = device;
        final ByteBuffer position = AlignedBuffers.allocate(8);
        prepare(first, table, position);
        prepare(next, table, position).putAddress(0, position);
    }

    private BpfRequest prepare(final BpfRequest request, final BpfMap table, final ByteBuffer position)
    {
        return request.putAddress(8, position).putAddress(16, keys).putAddress(24, entries).putInt(36, table.fd());
    }

    /** Marks what is in flight. Returns how many writes that are, or -errno. */
    int markInto(final VolumeMap map)
    {
        int marked = 0;
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
                marked += mark(i * TrackingMaps.ENTRY_BYTES, map);
            }
            if (result == -Errno.ENOENT)
            {
                return marked;
            }
            request = next;
        }
    }

    private int mark(final int entry, final VolumeMap map)
    {
        final long first = Math.max(entries.getLong(entry + 8), device.firstSector());
        final long last = Math.min(entries.getLong(entry + 16), device.lastSector());
        if (entries.getLong(entry) != device.number() || first > last)
        {
            return 0;
        }
        map.mark((first - device.firstSector()) / DirtyLayout.GRANULE_SECTORS,
            (last - device.firstSector()) / DirtyLayout.GRANULE_SECTORS);
        return 1;
    }
}
