package io.farblock.raidsim.array;

import static org.assertj.core.api.Assertions.assertThat;

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
            assertThat(allowed.get(sector)).as("sector %d, %s", sector, when).contains(write);
            assertThat(found.slice(sector * SECTOR, SECTOR)).as("sector %d, %s", sector, when)
                .isEqualTo(expected.slice(0, SECTOR));
            allowed.set(sector, new ArrayList<>(List.of(write)));
        }
    }
}
