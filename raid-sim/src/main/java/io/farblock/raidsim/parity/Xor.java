package io.farblock.raidsim.parity;

import java.nio.ByteBuffer;

/** Exclusive or of buffers. Stateless, any thread. */
public final class Xor
{
    private Xor()
    {
    }

    /** {@code target[0, lengthBytes) ^= source[0, lengthBytes)}; a multiple of 512 bytes. */
    public static void into(final ByteBuffer target, final ByteBuffer source, final int lengthBytes)
    {
        StripeRange.xor(target, source, 0, lengthBytes);
    }
}
