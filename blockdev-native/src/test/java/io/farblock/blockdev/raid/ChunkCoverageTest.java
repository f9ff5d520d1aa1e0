package io.farblock.blockdev.raid;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Chunks of members and bytes of arrays with parity, against the plain rule that puts unit after unit on members. */
class ChunkCoverageTest
{
    @ParameterizedTest
    @CsvSource({"4096, 65536, 3, 20", "65536, 65536, 3, 20", "262144, 65536, 4, 21", "131072, 196608, 2, 7"})
    void shouldCoverEveryByteThatLiesInTheChunkOfAMember(final long chunk, final long unit, final int data,
        final int stripes)
    {
        final ChunkCoverage coverage = new ChunkCoverage(chunk, unit, unit * data, unit * data * stripes);

        for (long at = 0; at < coverage.arrayBytes(); at += 4096)
        {
            final long onMember = at / (unit * data) * unit + at % unit;

            assertThat(at).isBetween(coverage.from(onMember / chunk), coverage.to(onMember / chunk) - 1);
        }
    }

    @Test
    void shouldNotReachBeyondTheArray()
    {
        final ChunkCoverage coverage = new ChunkCoverage(65536, 0, 0, 100_000);

        assertThat(coverage.from(1)).isEqualTo(65536);
        assertThat(coverage.to(1)).isEqualTo(100_000);
        assertThat(coverage.from(2)).isEqualTo(100_000);
    }
}
