package io.farblock.raidsim.parity;

import static jdk.incubator.vector.VectorOperators.AND;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.SUB;
import static jdk.incubator.vector.VectorOperators.XOR;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * One element to a byte lane, with the Vector API: the processor's shuffles look up products. Loaded by name, and only
 * where a JVM was started with {@code --add-modules jdk.incubator.vector}; uses nothing of the API that changed between
 * Java 17 and 25. Stateless; it fails on nothing but a range that is not in its arrays.
 */
final class VectorArithmetic implements ColumnArithmetic
{
    private static final VectorSpecies<Byte> LANES = ByteVector.SPECIES_PREFERRED;

    /** Not every processor with vectors of 512 bits can shuffle all their bytes, and without that products crawl. */
    private static final VectorSpecies<Byte> SHUFFLED =
        LANES.length() > ByteVector.SPECIES_256.length() ? ByteVector.SPECIES_256 : LANES;

    private static final int NIBBLE = 0xf;

    /** By factor: its products with 0 to 15, then with 0, 16, 32, ... 240; each repeated to the length of a vector. */
    private static final byte[][] LOW_PRODUCTS = new byte[256][SHUFFLED.length()];
    private static final byte[][] HIGH_PRODUCTS = new byte[256][SHUFFLED.length()];

    static
    {
        for (int factor = 0; factor < 256; factor++)
        {
            for (int i = 0; i < SHUFFLED.length(); i++)
            {
                LOW_PRODUCTS[factor][i] = (byte)GaloisField.multiply(factor, i & NIBBLE);
                HIGH_PRODUCTS[factor][i] = (byte)GaloisField.multiply(factor, (i & NIBBLE) << 4);
            }
        }
    }

    @Override
    public String name()
    {
        return "vector" + LANES.vectorBitSize();
    }

    @Override
    public void add(final byte[] target, final byte[] source, final int length)
    {
        for (int i = 0; i < length; i += LANES.length())
        {
            at(target, i).lanewise(XOR, at(source, i)).intoArray(target, i);
        }
    }

    @Override
    public void accumulate(final byte[] p, final byte[] q, final byte[] data, final int length)
    {
        for (int i = 0; i < length; i += LANES.length())
        {
            final ByteVector elements = at(data, i);
            at(p, i).lanewise(XOR, elements).intoArray(p, i);
            twice(at(q, i)).lanewise(XOR, elements).intoArray(q, i);
        }
    }

    @Override
    public void twice(final byte[] q, final int length)
    {
        for (int i = 0; i < length; i += LANES.length())
        {
            twice(at(q, i)).intoArray(q, i);
        }
    }

    @Override
    public void addProduct(final byte[] target, final int factor, final byte[] source, final int length)
    {
        final ByteVector low = ByteVector.fromArray(SHUFFLED, LOW_PRODUCTS[factor], 0);
        final ByteVector high = ByteVector.fromArray(SHUFFLED, HIGH_PRODUCTS[factor], 0);
        for (int i = 0; i < length; i += SHUFFLED.length())
        {
            final ByteVector product = product(ByteVector.fromArray(SHUFFLED, source, i), low, high);
            ByteVector.fromArray(SHUFFLED, target, i).lanewise(XOR, product).intoArray(target, i);
        }
    }

    @Override
    public void solve(final byte[] p, final byte[] q, final int factorP, final int factorQ, final int length)
    {
        final ByteVector lowP = ByteVector.fromArray(SHUFFLED, LOW_PRODUCTS[factorP], 0);
        final ByteVector highP = ByteVector.fromArray(SHUFFLED, HIGH_PRODUCTS[factorP], 0);
        final ByteVector lowQ = ByteVector.fromArray(SHUFFLED, LOW_PRODUCTS[factorQ], 0);
        final ByteVector highQ = ByteVector.fromArray(SHUFFLED, HIGH_PRODUCTS[factorQ], 0);
        for (int i = 0; i < length; i += SHUFFLED.length())
        {
            final ByteVector sum = ByteVector.fromArray(SHUFFLED, p, i);
            final ByteVector one = product(sum, lowP, highP)
                .lanewise(XOR, product(ByteVector.fromArray(SHUFFLED, q, i), lowQ, highQ));
            one.intoArray(q, i);
            sum.lanewise(XOR, one).intoArray(p, i);
        }
    }

    /** Bytes are shifted as longs, since processors have no shift of bytes. */
    private static ByteVector product(final ByteVector elements, final ByteVector low, final ByteVector high)
    {
        final ByteVector shifted = elements.reinterpretAsLongs().lanewise(LSHR, 4).reinterpretAsBytes();
        return low.rearrange(elements.lanewise(AND, (byte)NIBBLE).toShuffle())
            .lanewise(XOR, high.rearrange(shifted.lanewise(AND, (byte)NIBBLE).toShuffle()));
    }

    private static ByteVector at(final byte[] column, final int index)
    {
        return ByteVector.fromArray(LANES, column, index);
    }

    /** As {@link LongArithmetic} does it: Java 17 is slow at the mask that a comparison of bytes gives. */
    private static ByteVector twice(final ByteVector elements)
    {
        final LongVector longs = elements.reinterpretAsLongs();
        final LongVector overflows = longs.lanewise(AND, LongArithmetic.HIGH_BITS);
        final LongVector reductions = overflows.lanewise(SUB, overflows.lanewise(LSHR, 7))
            .lanewise(AND, LongArithmetic.REDUCTIONS);
        return longs.lanewise(XOR, overflows).lanewise(LSHL, 1).lanewise(XOR, reductions).reinterpretAsBytes();
    }
}
