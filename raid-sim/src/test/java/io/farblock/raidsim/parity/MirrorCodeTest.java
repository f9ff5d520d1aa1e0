package io.farblock.raidsim.parity;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Copies stay equal. */
class MirrorCodeTest
{
    private final long seed = Long.getLong("seed", new Random().nextLong());
    private final Random random = new Random(seed);

    @Test
    void shouldCopyToAllOthers()
    {
        final Stripe stripe = new Stripe(4, 2048, random);
        final byte[] data = stripe.content(0);

        new MirrorCode(4).encode(stripe.strips, 0, 2048);

        stripe.assertContents(new byte[][]{data, data, data, data}, "seed " + seed);
    }

    @Test
    void shouldRecoverFromAnyCopy()
    {
        for (int missing = 0; missing < 7; missing++)
        {
            final Stripe stripe = new Stripe(3, 2048, random);
            final MirrorCode code = new MirrorCode(3);
            code.encode(stripe.strips, 0, 2048);
            final byte[][] expected = stripe.contents();
            stripe.lose(missing, 512, 1024, random);

            code.recover(stripe.strips, missing, 512, 1024);

            stripe.assertContents(expected, "missing " + missing + ", seed " + seed);
        }
    }

    @Test
    void shouldUpdateCopiesByTheDifference()
    {
        final Stripe stripe = new Stripe(3, 2048, random);
        final MirrorCode code = new MirrorCode(3);
        code.encode(stripe.strips, 0, 2048);
        final ByteBuffer delta = Stripe.randomBuffer(2048, random);
        StripeCode.xor(stripe.strips[0], delta, 512, 1024);
        final byte[] changed = stripe.content(0);

        code.update(stripe.strips, 0, delta, 512, 1024);

        stripe.assertContents(new byte[][]{changed, changed, changed}, "seed " + seed);
    }
}
