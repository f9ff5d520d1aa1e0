package io.farblock.replication.identity.pairing;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;

/** Whatever bytes come is a message that is those very bytes again, or is refused as garbage. */
final class PairingCodecFuzz
{
    private static final int LONGEST_BYTES = 1695;

    @FuzzTest
    void decode(final byte[] input)
    {
        try
        {
            final byte[] header = Arrays.copyOf(input, Math.min(input.length, PairingCodec.HEADER_BYTES));
            assertThat(PairingCodec.bodyBytes(header)).isBetween(1, LONGEST_BYTES);

            assertThat(PairingCodec.encode(PairingCodec.decode(input))).isEqualTo(input);
        }
        catch (final PairingException garbage)
        {
            assertThat(garbage).hasMessageContaining("found ");
        }
    }
}
