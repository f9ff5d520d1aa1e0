package io.farblock.raidsim.parity;

/**
 * The field of 256 elements that RAID 6 counts in: polynomials over GF(2) modulo x^8 + x^4 + x^3 + x^2 + 1 (0x11d), in
 * which 2 generates every element but 0; addition is xor. After H. Peter Anvin, "The mathematics of RAID-6". Constant
 * tables, any thread; the one undefined operation, the inverse of 0, throws.
 */
final class GaloisField
{
    /** The polynomial without its highest term: what x^8 is replaced by. */
    static final int REDUCTION = 0x1d;

    private static final int ORDER = 255;
    private static final byte[] POWERS = new byte[ORDER];
    private static final int[] LOGARITHMS = new int[ORDER + 1];

    static
    {
        int power = 1;
        for (int i = 0; i < ORDER; i++)
        {
            POWERS[i] = (byte)power;
            LOGARITHMS[power] = i;
            power = power << 1 ^ (power >> 7) * (0x100 | REDUCTION);
        }
    }

    private GaloisField()
    {
    }

    /** 2 to the power of any exponent, also a negative one. */
    static int powerOfTwo(final int exponent)
    {
        return POWERS[Math.floorMod(exponent, ORDER)] & 0xff;
    }

    static int multiply(final int a, final int b)
    {
        return a == 0 || b == 0 ? 0 : powerOfTwo(LOGARITHMS[a] + LOGARITHMS[b]);
    }

    static int inverse(final int a)
    {
        if (a == 0)
        {
            throw new ArithmeticException("0 has no inverse");
        }
        return powerOfTwo(-LOGARITHMS[a]);
    }
}
