package io.farblock.powersim;

import java.util.SplittableRandom;

/**
 * Draws what a power cut leaves of each write that is not on the medium, oldest first, and counts it. A third is kept
 * whole, a third dropped, a third torn: in order up to somewhere, or each unit by itself. Later writes may survive
 * earlier ones. All chance is the seed's, so the same writes have the same fate. One thread.
 *
 * <p>A unit is what the medium writes whole or not at all. Units lie at multiples of their size on the device, wherever
 * a write begins; the part of a write that falls into one is never torn.
 */
public final class CutLots
{
    /** Beyond so many units a write is torn in larger pieces, or a cut would take as long as writing it. */
    private static final int PIECES_MAX = 4096;

    private final long seed;
    private final int unitBytes;
    private final SplittableRandom random;
    private int kept;
    private int dropped;
    private int torn;
    private int reordered;
    private int broken;

    public CutLots(final long seed, final int unitBytes)
    {
        this.seed = seed;
        this.unitBytes = unitBytes;
        random = new SplittableRandom(seed);
    }

    /**
     * Draws for one write.
     *
     * @param promised whether somebody was told that it is durable.
     * @param survivor gets each part that reaches the medium, with its place in the write.
     * @return whether all of it was kept.
     */
    public boolean draw(
        final long offsetBytes, final long lengthBytes, final boolean promised, final Survivor survivor)
    {
        final int fate = random.nextInt(3);
        if (fate == 0)
        {
            kept++;
            reordered += dropped + torn > 0 ? 1 : 0;
            survivor.part(0, lengthBytes);
            return true;
        }
        broken += promised ? 1 : 0;
        if (fate == 1)
        {
            dropped++;
            return false;
        }
        torn++;
        tear(offsetBytes, lengthBytes, survivor);
        return false;
    }

    /** What was drawn so far. */
    public CutReport report(final long lies)
    {
        return new CutReport(seed, kept, dropped, torn, reordered, broken, lies);
    }

    private void tear(final long offsetBytes, final long lengthBytes, final Survivor survivor)
    {
        final long piece = (lengthBytes / PIECES_MAX / unitBytes + 1) * unitBytes;
        final boolean inOrder = random.nextBoolean();
        final long upTo = random.nextLong(lengthBytes / piece + 1) * piece;
        long at = 0;
        while (at < lengthBytes)
        {
            // the first piece ends where a unit does
            final long length = Math.min(lengthBytes - at, piece - (offsetBytes + at) % unitBytes);
            if (inOrder ? at < upTo : random.nextBoolean())
            {
                survivor.part(at, length);
            }
            at += length;
        }
    }

    /** Takes what survives. */
    @FunctionalInterface
    public interface Survivor
    {
        void part(long from, long lengthBytes);
    }
}
