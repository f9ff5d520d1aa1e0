package io.farblock.raidsim.disk;

import io.farblock.raidsim.disk.BadRanges.BadRange;
import java.nio.ByteBuffer;

/** Which bits of a sector have rotted: a pure function of the fault's seed and the sector's place. Stateless. */
final class RottenBits
{
    private RottenBits()
    {
    }

    /** Flips the rotten bits in what was read from {@code offsetBytes} on. */
    static void flip(final BadRange range, final int sectorBytes, final long offsetBytes, final ByteBuffer buffer,
        final int index, final int lengthBytes)
    {
        final DiskFault.BitRot rot = (DiskFault.BitRot)range.fault();
        final long end = Math.min(range.to(), offsetBytes + lengthBytes);
        final int bitsMask = 8 * sectorBytes - 1;
        for (long at = Math.max(range.from(), offsetBytes); at < end; at += sectorBytes)
        {
            final long chance = mix(rot.seed() ^ at);
            // an odd step through a power of two comes to no bit twice
            final int step = (int)(chance >>> 32) | 1;
            for (int i = 0; i < rot.bitsPerSector(); i++)
            {
                final int bit = (int)chance + i * step & bitsMask;
                final int place = index + (int)(at - offsetBytes) + bit / 8;
                buffer.put(place, (byte)(buffer.get(place) ^ 1 << bit % 8));
            }
        }
    }

    /** Spreads nearby numbers over all bits: the finishing step of SplitMix64 (Steele, Lea, Flood 2014). */
    private static long mix(final long value)
    {
        long mixed = value + 0x9e3779b97f4a7c15L;
        mixed = (mixed ^ mixed >>> 30) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
        return mixed ^ mixed >>> 31;
    }
}
