package io.farblock.raidsim.parity;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Parity as Linux md computes it. One parity strip is P, the sum of the data strips D; a second is Q:
 *
 * <pre>
 *   P = D0 + D1 + D2 + ...          Q = D0 + 2 D1 + 4 D2 + ...          in the {@link GaloisField}
 * </pre>
 *
 * Works column by column: a few KiB of each strip are copied to arrays that stay in the first cache, so that the
 * arithmetic runs over arrays and the strips are passed through once.
 *
 * <p>Its columns are scratch memory, allocated at construction: one thread at a time.
 */
public final class ParityCode implements StripeCode
{
    /** Three of them stay within a first cache of 32 KiB. */
    private static final int COLUMN_BYTES = 8192;

    private final int dataStrips;
    private final int parityStrips;
    private final long all;
    private final ColumnArithmetic arithmetic;
    private final byte[] data = new byte[COLUMN_BYTES];
    private final byte[] p = new byte[COLUMN_BYTES];
    private final byte[] q = new byte[COLUMN_BYTES];

    /**
     * @param parityStrips 1 for RAID 4 and 5, 2 for RAID 6.
     */
    public ParityCode(final int dataStrips, final int parityStrips)
    {
        this(dataStrips, parityStrips, ArithmeticChoice.fastest());
    }

    ParityCode(final int dataStrips, final int parityStrips, final ColumnArithmetic arithmetic)
    {
        this.parityStrips = StripeRange.checkCount("parity strips", parityStrips, 1, 2);
        this.dataStrips = StripeRange.checkCount("data strips", dataStrips, 1, MAX_STRIPS - parityStrips);
        this.all = -1L >>> MAX_STRIPS - dataStrips - parityStrips;
        this.arithmetic = arithmetic;
    }

    /** Which arithmetic it uses. */
    public String name()
    {
        return arithmetic.name();
    }

    @Override
    public int dataStrips()
    {
        return dataStrips;
    }

    @Override
    public int redundantStrips()
    {
        return parityStrips;
    }

    @Override
    public void encode(final ByteBuffer[] strips, final int index, final int lengthBytes)
    {
        recover(strips, (1L << parityStrips) - 1 << dataStrips, index, lengthBytes);
    }

    @Override
    public void recover(final ByteBuffer[] strips, final long missing, final int index, final int lengthBytes)
    {
        StripeRange.checkMissing(this, missing);
        StripeRange.check(this, strips, all & ~missing, index, lengthBytes);
        final int end = index + lengthBytes;
        for (int at = index; at < end; at += COLUMN_BYTES)
        {
            recoverColumn(strips, missing, at, Math.min(COLUMN_BYTES, end - at));
        }
    }

    @Override
    public void update(
        final ByteBuffer[] strips, final int strip, final ByteBuffer delta, final int index, final int lengthBytes)
    {
        StripeRange.check(this, strips, 0, index, lengthBytes);
        StripeRange.checkUpdate(this, strip, delta, index, lengthBytes);
        final int end = index + lengthBytes;
        for (int at = index; at < end; at += COLUMN_BYTES)
        {
            final int length = Math.min(COLUMN_BYTES, end - at);
            delta.get(at, data, 0, length);
            if (strips[dataStrips] != null)
            {
                strips[dataStrips].get(at, p, 0, length);
                arithmetic.add(p, data, length);
                strips[dataStrips].put(at, p, 0, length);
            }
            if (parityStrips == 2 && strips[dataStrips + 1] != null)
            {
                strips[dataStrips + 1].get(at, q, 0, length);
                arithmetic.addProduct(q, GaloisField.powerOfTwo(strip), data, length);
                strips[dataStrips + 1].put(at, q, 0, length);
            }
        }
    }

    private void recoverColumn(final ByteBuffer[] strips, final long missing, final int at, final int length)
    {
        final long lostData = missing & (1L << dataStrips) - 1;
        final boolean lostP = isLost(missing, dataStrips);
        final boolean lostQ = parityStrips == 2 && isLost(missing, dataStrips + 1);
        final int unknowns = Long.bitCount(lostData);
        final boolean readsP = unknowns > 0 && !lostP;
        final boolean readsQ = unknowns > (readsP ? 1 : 0);
        if (readsQ || lostQ && strips[dataStrips + 1] != null)
        {
            sumBoth(strips, lostData, readsP, at, length);
        }
        else
        {
            sumP(strips, lostData, readsP, at, length);
        }
        if (readsQ)
        {
            strips[dataStrips + 1].get(at, data, 0, length);
            arithmetic.add(q, data, length);
        }
        recoverData(strips, lostData, readsP, at, length);
        if (lostP)
        {
            store(p, strips[dataStrips], at, length);
        }
        if (lostQ)
        {
            store(q, strips[dataStrips + 1], at, length);
        }
    }

    /** p = the sum of the data that is there, plus P if that is read: then it is the sum of what is lost. */
    private void sumP(
        final ByteBuffer[] strips, final long lostData, final boolean readsP, final int at, final int length)
    {
        int next = dataStrips - 1;
        if (readsP)
        {
            strips[dataStrips].get(at, p, 0, length);
        }
        else
        {
            strips[next].get(at, p, 0, length);
            next--;
        }
        for (int i = next; i >= 0; i--)
        {
            if (!isLost(lostData, i))
            {
                strips[i].get(at, data, 0, length);
                arithmetic.add(p, data, length);
            }
        }
    }

    /** p as above, and q = the same for Q, without Q: by Horner's rule, from the last strip to the first. */
    private void sumBoth(
        final ByteBuffer[] strips, final long lostData, final boolean readsP, final int at, final int length)
    {
        final int last = dataStrips - 1;
        if (isLost(lostData, last))
        {
            Arrays.fill(q, 0, length, (byte)0);
        }
        else
        {
            strips[last].get(at, q, 0, length);
        }
        System.arraycopy(q, 0, p, 0, length);
        if (readsP)
        {
            strips[dataStrips].get(at, data, 0, length);
            arithmetic.add(p, data, length);
        }
        for (int i = last - 1; i >= 0; i--)
        {
            if (isLost(lostData, i))
            {
                arithmetic.twice(q, length);
            }
            else
            {
                strips[i].get(at, data, 0, length);
                arithmetic.accumulate(p, q, data, length);
            }
        }
    }

    /** From what the lost strips add to P and Q, as far as these were read; makes P and Q whole where they were not. */
    private void recoverData(
        final ByteBuffer[] strips, final long lostData, final boolean readsP, final int at, final int length)
    {
        final int x = Long.numberOfTrailingZeros(lostData);
        final int y = Long.SIZE - 1 - Long.numberOfLeadingZeros(lostData);
        if (x < y)
        {
            final int divisor = GaloisField.inverse(GaloisField.powerOfTwo(x) ^ GaloisField.powerOfTwo(y));
            arithmetic.solve(p, q, GaloisField.multiply(GaloisField.powerOfTwo(y), divisor), divisor, length);
            store(q, strips[x], at, length);
            store(p, strips[y], at, length);
        }
        else if (readsP)
        {
            arithmetic.addProduct(q, GaloisField.powerOfTwo(x), p, length);
            store(p, strips[x], at, length);
        }
        else if (x == y)
        {
            Arrays.fill(data, 0, length, (byte)0);
            arithmetic.addProduct(data, GaloisField.powerOfTwo(-x), q, length);
            arithmetic.add(p, data, length);
            store(data, strips[x], at, length);
        }
    }

    private static void store(final byte[] column, final ByteBuffer strip, final int at, final int length)
    {
        if (strip != null)
        {
            strip.put(at, column, 0, length);
        }
    }

    private static boolean isLost(final long missing, final int strip)
    {
        return (missing >>> strip & 1) != 0;
    }
}
