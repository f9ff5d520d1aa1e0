package io.farblock.raidsim.parity;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Eight elements to a long, for any Java: loops that the second compiler turns into vector instructions. It does so
 * for arrays and not for direct buffers, and not for byte loops on Java 17; see the module's design note 001. An
 * element's high bit never reaches its neighbour. Stateless; it fails on nothing but a range that is not in its arrays.
 */
final class LongArithmetic implements ColumnArithmetic
{
    static final long HIGH_BITS = 0x8080808080808080L;
    static final long REDUCTIONS = 0x0101010101010101L * GaloisField.REDUCTION;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());
    private static final int LOW_BITS = 0x01010101;

    @Override
    public String name()
    {
        return "long";
    }

    @Override
    public void add(final byte[] target, final byte[] source, final int length)
    {
        for (int i = 0; i < length; i += Long.BYTES)
        {
            LONGS.set(target, i, (long)LONGS.get(target, i) ^ (long)LONGS.get(source, i));
        }
    }

    @Override
    public void accumulate(final byte[] p, final byte[] q, final byte[] data, final int length)
    {
        for (int i = 0; i < length; i += Long.BYTES)
        {
            final long elements = (long)LONGS.get(data, i);
            LONGS.set(p, i, (long)LONGS.get(p, i) ^ elements);
            LONGS.set(q, i, twice((long)LONGS.get(q, i)) ^ elements);
        }
    }

    @Override
    public void twice(final byte[] q, final int length)
    {
        for (int i = 0; i < length; i += Long.BYTES)
        {
            LONGS.set(q, i, twice((long)LONGS.get(q, i)));
        }
    }

    /** Adds, for each bit of the source's elements, what factor times that bit is; four products fit into an int. */
    @Override
    public void addProduct(final byte[] target, final int factor, final byte[] source, final int length)
    {
        final int f1 = GaloisField.multiply(factor, 1 << 1);
        final int f2 = GaloisField.multiply(factor, 1 << 2);
        final int f3 = GaloisField.multiply(factor, 1 << 3);
        final int f4 = GaloisField.multiply(factor, 1 << 4);
        final int f5 = GaloisField.multiply(factor, 1 << 5);
        final int f6 = GaloisField.multiply(factor, 1 << 6);
        final int f7 = GaloisField.multiply(factor, 1 << 7);
        for (int i = 0; i < length; i += Integer.BYTES)
        {
            final int elements = (int)INTS.get(source, i);
            INTS.set(target, i, (int)INTS.get(target, i) ^
                (elements & LOW_BITS) * factor ^
                (elements >>> 1 & LOW_BITS) * f1 ^
                (elements >>> 2 & LOW_BITS) * f2 ^
                (elements >>> 3 & LOW_BITS) * f3 ^
                (elements >>> 4 & LOW_BITS) * f4 ^
                (elements >>> 5 & LOW_BITS) * f5 ^
                (elements >>> 6 & LOW_BITS) * f6 ^
                (elements >>> 7 & LOW_BITS) * f7);
        }
    }

    /** Multiplies q in place: factorQ q = q + (factorQ + 1) q. */
    @Override
    public void solve(final byte[] p, final byte[] q, final int factorP, final int factorQ, final int length)
    {
        addProduct(q, factorQ ^ 1, q, length);
        addProduct(q, factorP, p, length);
        add(p, q, length);
    }

    private static long twice(final long elements)
    {
        final long overflows = elements & HIGH_BITS;
        return (elements ^ overflows) << 1 ^ (overflows - (overflows >>> 7)) & REDUCTIONS;
    }
}
