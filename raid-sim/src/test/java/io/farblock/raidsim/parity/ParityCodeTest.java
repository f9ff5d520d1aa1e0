package io.farblock.raidsim.parity;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Parity and recovery of random stripes, with every arithmetic that this JVM has. */
class ParityCodeTest
{
    /** More than a column, and no multiple of one. */
    private static final int BYTES = 8192 + 1024;
    private static final int FEW_BYTES = 2048;

    private final long seed = Long.getLong("seed", new Random().nextLong());
    private final Random random = new Random(seed);

    static List<ColumnArithmetic> arithmetics()
    {
        return ArithmeticChoice.AVAILABLE;
    }

    @ParameterizedTest
    @MethodSource("arithmetics")
    void shouldEncodeAsDefined(final ColumnArithmetic arithmetic)
    {
        for (final int dataStrips : new int[]{1, 2, 3, 8, 33, 62})
        {
            final Stripe stripe = new Stripe(dataStrips + 2, 1024, random);

            new ParityCode(dataStrips, 2, arithmetic).encode(stripe.strips, 0, 1024);

            final byte[][] contents = stripe.contents();
            assertThat(contents[dataStrips]).as("P of %d, seed %d", dataStrips, seed)
                .isEqualTo(Stripe.parity(contents, dataStrips, false));
            assertThat(contents[dataStrips + 1]).as("Q of %d, seed %d", dataStrips, seed)
                .isEqualTo(Stripe.parity(contents, dataStrips, true));
        }
    }

    @ParameterizedTest
    @MethodSource("arithmetics")
    void shouldRecoverEveryOneAndTwoStrips(final ColumnArithmetic arithmetic)
    {
        for (int dataStrips = 1; dataStrips <= 12; dataStrips++)
        {
            final ParityCode code = new ParityCode(dataStrips, 2, arithmetic);
            final Stripe stripe = new Stripe(dataStrips + 2, FEW_BYTES, random);
            code.encode(stripe.strips, 0, FEW_BYTES);
            final byte[][] expected = stripe.contents();
            for (int x = 0; x < dataStrips + 2; x++)
            {
                for (int y = x; y < dataStrips + 2; y++)
                {
                    final long missing = 1L << x | 1L << y;
                    final int index = 512 * random.nextInt(FEW_BYTES / 512);
                    final int length = 512 * (1 + random.nextInt((FEW_BYTES - index) / 512));
                    stripe.lose(missing, index, length, random);

                    code.recover(stripe.strips, missing, index, length);

                    stripe.assertContents(expected, arithmetic.name() + ", " + dataStrips + " data, lost " + x +
                        " and " + y + " at " + index + "+" + length + ", seed " + seed);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("arithmetics")
    void shouldRecoverFromTheSumAlone(final ColumnArithmetic arithmetic)
    {
        for (final int dataStrips : new int[]{1, 2, 5, 63})
        {
            final ParityCode code = new ParityCode(dataStrips, 1, arithmetic);
            final Stripe stripe = new Stripe(dataStrips + 1, 1024, random);
            code.encode(stripe.strips, 0, 1024);
            final byte[][] expected = stripe.contents();
            for (int x = 0; x <= dataStrips; x++)
            {
                stripe.lose(1L << x, 0, 1024, random);

                code.recover(stripe.strips, 1L << x, 0, 1024);

                stripe.assertContents(expected, dataStrips + " data, lost " + x + ", seed " + seed);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("arithmetics")
    void shouldUpdateToWhatEncodingGives(final ColumnArithmetic arithmetic)
    {
        for (int dataStrips = 1; dataStrips <= 12; dataStrips++)
        {
            for (int parityStrips = 1; parityStrips <= 2; parityStrips++)
            {
                final ParityCode code = new ParityCode(dataStrips, parityStrips, arithmetic);
                final Stripe stripe = new Stripe(dataStrips + parityStrips, BYTES, random);
                code.encode(stripe.strips, 0, BYTES);
                final int strip = random.nextInt(dataStrips);
                final ByteBuffer delta = Stripe.randomBuffer(BYTES, random);
                StripeCode.xor(stripe.strips[strip], delta, 512, BYTES - 1024);

                code.update(stripe.strips, strip, delta, 512, BYTES - 1024);

                final byte[][] updated = stripe.contents();
                code.encode(stripe.strips, 0, BYTES);
                stripe.assertContents(updated, dataStrips + " data, changed " + strip + ", seed " + seed);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("arithmetics")
    void shouldLeaveOutStripsThatNobodyWants(final ColumnArithmetic arithmetic)
    {
        final ParityCode code = new ParityCode(4, 2, arithmetic);
        final Stripe stripe = new Stripe(6, BYTES, random);
        code.encode(stripe.strips, 0, BYTES);
        final byte[][] expected = stripe.contents();
        for (int unwanted = 0; unwanted < 6; unwanted++)
        {
            for (int wanted = 0; wanted < 6; wanted++)
            {
                final long missing = 1L << wanted | 1L << unwanted;
                stripe.lose(missing, 0, BYTES, random);
                final ByteBuffer kept = stripe.strips[unwanted];
                stripe.strips[unwanted] = wanted == unwanted ? kept : null;

                code.recover(stripe.strips, missing, 0, BYTES);

                stripe.strips[unwanted] = kept.put(0, expected[unwanted]);
                stripe.assertContents(expected, "wanted " + wanted + ", not " + unwanted + ", seed " + seed);
            }
        }
    }
}
