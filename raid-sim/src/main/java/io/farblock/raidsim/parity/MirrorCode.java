package io.farblock.raidsim.parity;

import java.nio.ByteBuffer;

/** Copies: one data strip and redundant ones that equal it. Immutable, any thread. */
public final class MirrorCode implements StripeCode
{
    private final int copies;

    /**
     * @param copies of each byte, counting the data strip: 1 and more.
     */
    public MirrorCode(final int copies)
    {
        this.copies = StripeRange.checkCount("copies", copies, 1, MAX_STRIPS);
    }

    @Override
    public int dataStrips()
    {
        return 1;
    }

    @Override
    public int redundantStrips()
    {
        return copies - 1;
    }

    @Override
    public void encode(final ByteBuffer[] strips, final int index, final int lengthBytes)
    {
        StripeRange.check(this, strips, 1, index, lengthBytes);
        copyFrom(0, strips, -2L, index, lengthBytes);
    }

    @Override
    public void recover(final ByteBuffer[] strips, final long missing, final int index, final int lengthBytes)
    {
        StripeRange.checkMissing(this, missing);
        final int present = Long.numberOfTrailingZeros(~missing);
        StripeRange.check(this, strips, 1L << present, index, lengthBytes);
        copyFrom(present, strips, missing, index, lengthBytes);
    }

    @Override
    public void update(
        final ByteBuffer[] strips, final int strip, final ByteBuffer delta, final int index, final int lengthBytes)
    {
        StripeRange.check(this, strips, 0, index, lengthBytes);
        StripeRange.checkUpdate(this, strip, delta, index, lengthBytes);
        for (int i = 1; i < copies; i++)
        {
            if (strips[i] != null)
            {
                StripeCode.xor(strips[i], delta, index, lengthBytes);
            }
        }
    }

    private void copyFrom(
        final int from, final ByteBuffer[] strips, final long to, final int index, final int lengthBytes)
    {
        for (int i = 0; i < copies; i++)
        {
            if ((to >>> i & 1) != 0 && strips[i] != null)
            {
                strips[i].put(index, strips[from], index, lengthBytes);
            }
        }
    }
}
