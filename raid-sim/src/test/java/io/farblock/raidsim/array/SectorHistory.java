package io.farblock.raidsim.array;

import io.farblock.blockdev.AlignedBuffers;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What each sector of a device may hold after a power cut: what it held at the last flush, or what a later write put
 * there. Every write has a number, and every sector that it writes says which. One thread.
 */
final class SectorHistory
{
    private static final int SECTOR = 512;

    private final List<List<Long>> allowed = new ArrayList<>();
    private long writes;

    SectorHistory(final long sizeBytes)
    {
        for (int i = 0; i < sizeBytes / SECTOR; i++)
        {
            allowed.add(new ArrayList<>(List.of(0L)));
        }
    }

    /** The bytes of the next write. */
    ByteBuffer next(final long offsetBytes, final int lengthBytes)
    {
        writes++;
        final ByteBuffer data = AlignedBuffers.allocate(lengthBytes);
        for (int at = 0; at < lengthBytes; at += SECTOR)
        {
            final int sector = (int)((offsetBytes + at) / SECTOR);
            fill(data, at, writes, sector);
            allowed.get(sector).add(writes);
        }
        return data;
    }

    /** For each sector, which write it holds; after {@link #settle}. */
    List<Long> settled()
    {
        return allowed.stream().map((each) -> each.get(0)).toList();
    }

    /** It was seen to hold these. */
    void settled(final List<Long> writes)
    {
        for (int sector = 0; sector < writes.size(); sector++)
        {
            allowed.set(sector, new ArrayList<>(List.of(writes.get(sector))));
        }
    }

    private static void fill(final ByteBuffer data, final int at, final long write, final int sector)
    {
        for (int i = 0; i < SECTOR; i += 8)
        {
            data.putLong(at + i, write == 0 ? 0 : write << 32 | (long)sector << 8 | i / 8);
        }
    }

    /** All writes that were answered are durable. */
    void flushed()
    {
        for (final List<Long> sector : allowed)
        {
            sector.subList(0, sector.size() - 1).clear();
        }
    }

    /** Checks what is there, and takes it for durable. */
    void settle(final ByteBuffer found, final String when)
    {
        final ByteBuffer expected = AlignedBuffers.allocate(SECTOR);
        for (int sector = 0; sector < allowed.size(); sector++)
        {
            final long write = found.getLong(sector * SECTOR) >>> 32;
            fill(expected, 0, write, sector);
            if (!allowed.get(sector).contains(write) ||
                !found.slice(sector * SECTOR, SECTOR).equals(expected.slice(0, SECTOR)))
            {
                throw new AssertionError("sector " + sector + " has what write " + write + " put there or nothing " +
                    "that was ever written, expected one of the writes " + allowed.get(sector) + ", whole; " + when);
            }
            allowed.set(sector, new ArrayList<>(List.of(write)));
        }
    }
}
