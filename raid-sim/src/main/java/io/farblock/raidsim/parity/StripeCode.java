package io.farblock.raidsim.parity;

import java.nio.ByteBuffer;

/**
 * An erasure code over the strips of one stripe: data strips first, then the redundant ones. All strips are direct
 * buffers that hold at least index + length bytes; index and length are multiples of {@value #UNIT_BYTES}. Positions
 * and limits are neither used nor changed.
 *
 * <p>A strip that is to be computed may be null when nobody wants it; one that is only read must be there. An instance
 * may hold scratch memory, so it serves one thread at a time. It throws only for arguments that break these rules, and
 * then nothing was written.
 */
public interface StripeCode
{
    /** What every range is a multiple of: a sector. */
    int UNIT_BYTES = 512;

    /** The bits of a missing strip are those of a long. */
    int MAX_STRIPS = 64;

    int dataStrips();

    int redundantStrips();

    /** Computes the redundant strips from all data strips over [index, index + lengthBytes). */
    void encode(ByteBuffer[] strips, int index, int lengthBytes);

    /**
     * Fills in the strips whose bits are set in missing from the others.
     *
     * @param missing at most {@link #redundantStrips()} bits, bit i for strips[i].
     */
    void recover(ByteBuffer[] strips, long missing, int index, int lengthBytes);

    /**
     * Brings the redundant strips up to date after one data strip has changed; no data strip is looked at.
     *
     * @param delta old xor new, at the same index as in the strips.
     */
    void update(ByteBuffer[] strips, int strip, ByteBuffer delta, int index, int lengthBytes);

    /** Turns target into target xor source: of an old and a new strip, the delta. Both are of one byte order. */
    static void xor(final ByteBuffer target, final ByteBuffer source, final int index, final int lengthBytes)
    {
        for (int i = index; i < index + lengthBytes; i += Long.BYTES)
        {
            target.putLong(i, target.getLong(i) ^ source.getLong(i));
        }
    }
}
