package io.farblock.raidsim.array;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.raidsim.layout.StripeLayout;
import io.farblock.raidsim.parity.MirrorCode;
import io.farblock.raidsim.parity.ParityCode;
import io.farblock.raidsim.parity.StripeCode;
import java.nio.ByteBuffer;

/**
 * Memory for one operation on a piece of a stripe, and the code with its scratch: one piece of each strip, twice.
 * Used by one thread at a time; {@link Stripes} keeps a bounded number of them.
 *
 * <p>{@code strips} is what the code works on: a strip's own memory, a part of the caller's buffer, or null for one
 * that nobody wants.
 */
final class StripeBuffers
{
    /** Largest piece of a strip that is worked on at once. */
    static final int PIECE_BYTES = 64 * 1024;

    final ByteBuffer[] own;
    final ByteBuffer[] second;
    final ByteBuffer[] strips;
    final StripeCode code;

    StripeBuffers(final StripeLayout layout)
    {
        final int count = layout.strips();
        own = new ByteBuffer[count];
        second = new ByteBuffer[count];
        strips = new ByteBuffer[count];
        for (int strip = 0; strip < count; strip++)
        {
            own[strip] = AlignedBuffers.allocate(PIECE_BYTES);
            second[strip] = AlignedBuffers.allocate(PIECE_BYTES);
        }
        code = layout.dataStrips() == 1 ? new MirrorCode(count) :
            new ParityCode(layout.dataStrips(), layout.redundantStrips());
    }

    /** Has the code work on the strips' own memory. */
    void useOwn()
    {
        System.arraycopy(own, 0, strips, 0, own.length);
    }
}
