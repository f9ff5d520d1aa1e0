package io.farblock.raidsim.parity;

/** Plain loops, for any Java. Stateless; it fails on nothing but a range that is not in its arrays. */
final class LongArithmetic implements ColumnArithmetic
{
    @Override
    public String name()
    {
        return "long";
    }

    @Override
    public void add(final byte[] target, final byte[] source, final int length)
    {
        for (int i = 0; i < length; i++)
        {
            target[i] ^= source[i];
        }
    }

    @Override
    public void accumulate(final byte[] p, final byte[] q, final byte[] data, final int length)
    {
        for (int i = 0; i < length; i++)
        {
            p[i] ^= data[i];
            q[i] = (byte)(twice(q[i]) ^ data[i]);
        }
    }

    @Override
    public void twice(final byte[] q, final int length)
    {
        for (int i = 0; i < length; i++)
        {
            q[i] = (byte)twice(q[i]);
        }
    }

    @Override
    public void addProduct(final byte[] target, final int factor, final byte[] source, final int length)
    {
        for (int i = 0; i < length; i++)
        {
            target[i] ^= (byte)GaloisField.multiply(factor, source[i] & 0xff);
        }
    }

    private static int twice(final byte element)
    {
        return element << 1 ^ element >> 7 & GaloisField.REDUCTION;
    }
}
