package io.farblock.raidsim.parity;

import java.util.Arrays;
import java.util.List;

/**
 * Which arithmetics this JVM has, found once. The one with vectors is left out when its module is not resolved, when
 * it does not fit this JVM's version of that (the module is an incubator: its classes may change), and when it
 * computes something else than the plain one. Immutable, any thread; it never fails.
 */
final class ArithmeticChoice
{
    /** From the plain one to the fastest. */
    static final List<ColumnArithmetic> AVAILABLE = available();

    private static final String MODULE = "jdk.incubator.vector";
    private static final String BY_VECTORS = "io.farblock.raidsim.parity.VectorArithmetic";

    private ArithmeticChoice()
    {
    }

    static ColumnArithmetic fastest()
    {
        return AVAILABLE.get(AVAILABLE.size() - 1);
    }

    private static List<ColumnArithmetic> available()
    {
        final ColumnArithmetic plain = new LongArithmetic();
        if (ModuleLayer.boot().findModule(MODULE).isPresent())
        {
            try
            {
                final ColumnArithmetic vectors =
                    (ColumnArithmetic)Class.forName(BY_VECTORS).getDeclaredConstructor().newInstance();
                return agree(plain, vectors) ? List.of(plain, vectors) : List.of(plain);
            }
            catch (final ReflectiveOperationException | LinkageError notForThisJvm)
            {
                return List.of(plain);
            }
        }
        return List.of(plain);
    }

    private static boolean agree(final ColumnArithmetic one, final ColumnArithmetic other)
    {
        return Arrays.equals(sample(one), sample(other));
    }

    /** Every operation on every element; the first call of a method is what links it. */
    private static byte[] sample(final ColumnArithmetic arithmetic)
    {
        final int length = StripeCode.UNIT_BYTES;
        final byte[] data = new byte[length];
        final byte[] p = new byte[length];
        final byte[] q = new byte[length];
        for (int i = 0; i < length; i++)
        {
            data[i] = (byte)i;
        }
        arithmetic.accumulate(p, q, data, length);
        arithmetic.accumulate(p, q, data, length);
        arithmetic.addProduct(p, 0x8e, data, length);
        arithmetic.twice(q, length);
        arithmetic.add(q, p, length);
        arithmetic.solve(p, q, 0x53, 0xca, length);
        arithmetic.add(q, p, length);
        return q;
    }
}
