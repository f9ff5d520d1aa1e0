package io.farblock.raidsim.parity;

import java.nio.ByteBuffer;

/** What every code asks of its arguments. Stateless, any thread; a refusal is an IllegalArgumentException. */
final class StripeRange
{
    private StripeRange()
    {
    }

    static int checkCount(final String what, final int value, final int min, final int max)
    {
        if (value < min || value > max)
        {
            throw new IllegalArgumentException(what + " is " + value + ", expected " + min + " to " + max);
        }
        return value;
    }

    /**
     * @param needed the strips that are read and so must not be null, bit i for strips[i].
     */
    static void check(
        final StripeCode code, final ByteBuffer[] strips, final long needed, final int index, final int lengthBytes)
    {
        final int count = code.dataStrips() + code.redundantStrips();
        if (strips.length < count)
        {
            throw new IllegalArgumentException("got " + strips.length + " strips, expected " + code.dataStrips() +
                " of data and " + code.redundantStrips() + " redundant");
        }
        if (index < 0 || lengthBytes < 0 || (index | lengthBytes) % StripeCode.UNIT_BYTES != 0)
        {
            throw new IllegalArgumentException("index " + index + ", length " + lengthBytes +
                ": expected multiples of " + StripeCode.UNIT_BYTES);
        }
        for (int i = 0; i < count; i++)
        {
            if (strips[i] != null)
            {
                if (isBeyond(strips[i], index, lengthBytes))
                {
                    throw tooShort("strip " + i, strips[i], index, lengthBytes);
                }
            }
            else if ((needed >>> i & 1) != 0)
            {
                throw new IllegalArgumentException("strip " + i +
                    " is null, expected one to read; a strip that cannot be read counts as missing");
            }
        }
    }

    static void checkUpdate(
        final StripeCode code, final int strip, final ByteBuffer delta, final int index, final int lengthBytes)
    {
        checkCount("data strip", strip, 0, code.dataStrips() - 1);
        if (isBeyond(delta, index, lengthBytes))
        {
            throw tooShort("delta", delta, index, lengthBytes);
        }
    }

    private static boolean isBeyond(final ByteBuffer buffer, final int index, final int lengthBytes)
    {
        return buffer.limit() - lengthBytes < index;
    }

    private static IllegalArgumentException tooShort(
        final String what, final ByteBuffer buffer, final int index, final int lengthBytes)
    {
        return new IllegalArgumentException(what + " ends at " + buffer.limit() +
            ", expected at least index " + index + " + length " + lengthBytes);
    }

    static void checkMissing(final StripeCode code, final long missing)
    {
        final int count = code.dataStrips() + code.redundantStrips();
        if (Long.bitCount(missing) > code.redundantStrips() || Long.SIZE - Long.numberOfLeadingZeros(missing) > count)
        {
            throw new IllegalArgumentException("missing strips 0b" + Long.toBinaryString(missing) +
                ", expected at most " + code.redundantStrips() + " of " + count);
        }
    }
}
