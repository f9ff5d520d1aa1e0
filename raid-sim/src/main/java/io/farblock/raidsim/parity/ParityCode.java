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
    private static final int COLUMN_BYTES = 4096;

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
            addProductTo(strips[dataStrips], 1, at, length);
            if (parityStrips == 2)
            {
                addProductTo(strips[dataStrips + 1], GaloisField.powerOfTwo(strip), at, length);
            }
        }
    }

    private void addProductTo(final ByteBuffer parity, final int factor, final int at, final int length)
    {
        if (parity != null)
        {
            parity.get(at, p, 0, length);
            add(p, factor, data, length);
            parity.put(at, p, 0, length);
        }
    }

    private void recoverColumn(final ByteBuffer[] strips, final long missing, final int at, final int length)
    {
        final long lostData = missing & (1L << dataStrips) - 1;
        final boolean lostP = isLost(missing, dataStrips);
        final boolean lostQ = parityStrips == 2 && isLost(missing, dataStrips + 1);
        sumUp(strips, lostData, at, length);
        switch (Long.bitCount(lostData))
        {
            case 0:
                break;
            case 1:
                final int lost = Long.numberOfTrailingZeros(lostData);
                if (lostP)
                {
                    recoverFromQ(strips, lost, at, length);
                }
                else
                {
                    recoverFromP(strips, lost, at, length);
                }
                break;
            default:
                recoverTwo(strips, lostData, at, length);
                break;
        }
        if (lostP)
        {
            store(p, strips[dataStrips], at, length);
        }
        if (lostQ)
        {
            store(q, strips[dataStrips + 1], at, length);
        }
    }

    /** P and Q as they would be if what is lost were zeroes. */
    private void sumUp(final ByteBuffer[] strips, final long lostData, final int at, final int length)
    {
        Arrays.fill(p, 0, length, (byte)0);
        Arrays.fill(q, 0, length, (byte)0);
        for (int i = dataStrips - 1; i >= 0; i--)
        {
            if (isLost(lostData, i))
            {
                arithmetic.twice(q, length);
            }
            else
            {
                strips[i].get(at, data, 0, length);
                if (parityStrips == 1)
                {
                    arithmetic.add(p, data, length);
                }
                else
                {
                    arithmetic.accumulate(p, q, data, length);
                }
            }
        }
    }

    /** D = P + what P would be without it; and what it adds to Q, in case that is lost too. */
    private void recoverFromP(final ByteBuffer[] strips, final int lost, final int at, final int length)
    {
        strips[dataStrips].get(at, data, 0, length);
        arithmetic.add(p, data, length);
        add(q, GaloisField.powerOfTwo(lost), p, length);
        store(p, strips[lost], at, length);
    }

    /** D = 2^-i (Q + what Q would be without it); and what it adds to P. */
    private void recoverFromQ(final ByteBuffer[] strips, final int lost, final int at, final int length)
    {
        strips[dataStrips + 1].get(at, data, 0, length);
        arithmetic.add(q, data, length);
        Arrays.fill(data, 0, length, (byte)0);
        add(data, GaloisField.powerOfTwo(-lost), q, length);
        arithmetic.add(p, data, length);
        store(data, strips[lost], at, length);
    }

    /**
     * With p = Dx + Dy and q = 2^x Dx + 2^y Dy: Dx = (2^y p + q) / (2^x + 2^y), Dy = p + Dx.
     */
    private void recoverTwo(final ByteBuffer[] strips, final long lostData, final int at, final int length)
    {
        final int x = Long.numberOfTrailingZeros(lostData);
        final int y = Long.SIZE - 1 - Long.numberOfLeadingZeros(lostData);
        final int divisor = GaloisField.inverse(GaloisField.powerOfTwo(x) ^ GaloisField.powerOfTwo(y));
        strips[dataStrips].get(at, data, 0, length);
        arithmetic.add(p, data, length);
        strips[dataStrips + 1].get(at, data, 0, length);
        arithmetic.add(q, data, length);
        Arrays.fill(data, 0, length, (byte)0);
        add(data, GaloisField.multiply(GaloisField.powerOfTwo(y), divisor), p, length);
        add(data, divisor, q, length);
        arithmetic.add(p, data, length);
        store(data, strips[x], at, length);
        store(p, strips[y], at, length);
    }

    private void add(final byte[] target, final int factor, final byte[] source, final int length)
    {
        if (factor == 1)
        {
            arithmetic.add(target, source, length);
        }
        else
        {
            arithmetic.addProduct(target, factor, source, length);
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
