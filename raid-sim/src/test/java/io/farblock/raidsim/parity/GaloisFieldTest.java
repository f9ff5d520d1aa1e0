package io.farblock.raidsim.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tables against the definition, and against numbers that anybody can look up. */
class GaloisFieldTest
{
    @ParameterizedTest
    @CsvSource({"0, 1", "1, 2", "7, 0x80", "8, 0x1d", "9, 0x3a", "10, 0x74", "254, 0x8e", "255, 0x01", "-1, 0x8e"})
    void shouldKnowThePowersOfTwo(final int exponent, final String power)
    {
        assertThat(GaloisField.powerOfTwo(exponent)).isEqualTo(Integer.decode(power));
    }

    @Test
    void shouldMultiplyAsDefined()
    {
        for (int a = 0; a < 256; a++)
        {
            for (int b = 0; b < 256; b++)
            {
                assertThat(GaloisField.multiply(a, b)).as("%d * %d", a, b).isEqualTo(Stripe.slowProduct(a, b));
            }
        }
    }

    @Test
    void shouldInvertAllButZero()
    {
        for (int a = 1; a < 256; a++)
        {
            assertThat(GaloisField.multiply(a, GaloisField.inverse(a))).as("%d", a).isEqualTo(1);
        }
        assertThatThrownBy(() -> GaloisField.inverse(0)).isInstanceOf(ArithmeticException.class);
    }
}
