package io.farblock.raidsim.parity;

/**
 * Sums and products of columns: byte arrays in which each byte is an element of the {@link GaloisField}. Immutable and
 * stateless, any thread. Lengths are multiples of {@value StripeCode#UNIT_BYTES} and within the arrays; columns of one
 * call are different arrays.
 */
interface ColumnArithmetic
{
    /** Short, for people who compare measurements. */
    String name();

    /** target += source. */
    void add(byte[] target, byte[] source, int length);

    /** One step of Horner's rule for both syndromes: p += data, q = 2 q + data. */
    void accumulate(byte[] p, byte[] q, byte[] data, int length);

    /** One step of Horner's rule where the data is all zeroes: q = 2 q. */
    void twice(byte[] q, int length);

    /** target += factor source. */
    void addProduct(byte[] target, int factor, byte[] source, int length);

    /**
     * Finds two unknowns, of which p is the sum: q = factorP p + factorQ q is one, p + that the other.
     */
    void solve(byte[] p, byte[] q, int factorP, int factorQ, int length);
}
