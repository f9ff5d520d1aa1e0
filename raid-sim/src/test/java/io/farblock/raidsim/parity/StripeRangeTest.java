package io.farblock.raidsim.parity;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** Arguments that make no sense are named, and nothing is written. */
class StripeRangeTest
{
    private final ByteBuffer[] strips = {direct(), direct(), direct(), direct()};
    private final StripeCode code = new ParityCode(2, 2);

    @Test
    void shouldRefuseRangesThatAreNotSectors()
    {
        refused(() -> code.encode(strips, 0, 100), "index 0, length 100: expected multiples of 512");
        refused(() -> code.encode(strips, -512, 512), "index -512");
        refused(() -> code.encode(strips, 512, 1024), "strip 0 ends at 1024, expected at least index 512");
        refused(() -> code.update(strips, 0, ByteBuffer.allocateDirect(512), 0, 1024), "delta ends at 512");
    }

    @Test
    void shouldRefuseMoreThanItCanRecover()
    {
        refused(() -> code.recover(strips, 0b111, 0, 512), "missing strips 0b111, expected at most 2 of 4");
        refused(() -> code.recover(strips, 0b10000, 0, 512), "missing strips 0b10000, expected at most 2 of 4");
        refused(() -> new MirrorCode(2).recover(strips, 0b11, 0, 512), "expected at most 1 of 2");
    }

    @Test
    void shouldRefuseStripsThatAreNotThere()
    {
        strips[1] = null;

        refused(() -> code.encode(strips, 0, 512), "strip 1 is null");
        refused(() -> code.recover(strips, 0b1, 0, 512), "strip 1 is null");
        refused(() -> code.update(strips, 2, direct(), 0, 512), "data strip is 2, expected 0 to 1");
        refused(() -> code.encode(new ByteBuffer[3], 0, 512), "got 3 strips, expected 2 of data and 2 redundant");
    }

    @Test
    void shouldRefuseCountsThatNoStripeHas()
    {
        refused(() -> new ParityCode(0, 1), "data strips is 0, expected 1 to 63");
        refused(() -> new ParityCode(63, 2), "data strips is 63, expected 1 to 62");
        refused(() -> new ParityCode(4, 3), "parity strips is 3, expected 1 to 2");
        refused(() -> new MirrorCode(0), "copies is 0, expected 1 to 64");
    }

    private static void refused(final Runnable call, final String message)
    {
        assertThatThrownBy(call::run).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(message);
    }

    private static ByteBuffer direct()
    {
        return ByteBuffer.allocateDirect(1024);
    }
}
