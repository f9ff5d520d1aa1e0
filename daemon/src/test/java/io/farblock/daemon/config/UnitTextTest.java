package io.farblock.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sizes and durations as people write and read them. */
class UnitTextTest
{
    @ParameterizedTest
    @CsvSource({"4096,4096", "64KiB,65536", "256M,268435456", "1GiB,1073741824", "2 T,2199023255552", "7B,7"})
    void shouldReadSizes(final String text, final long bytes)
    {
        assertThat(SizeText.parse(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "MiB", "-1", "1.5GiB", "1MB", "1 KiBs", "9999999999999999999"})
    void shouldRefuseWhatIsNoSize(final String text)
    {
        assertThatThrownBy(() -> SizeText.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"0,0 B", "1023,1023 B", "65536,64 KiB", "1610612736,1.50 GiB", "99999999,95.4 MiB"})
    void shouldWriteSizes(final long bytes, final String text)
    {
        assertThat(SizeText.of(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"210000,210 us", "3000000,3 ms", "3200000000,3.2 s", "312000000000,5 m 12 s",
        "7260000000000,2 h 1 m", "187200000000000,2 d 4 h"})
    void shouldWriteDurations(final long durationNs, final String text)
    {
        assertThat(DurationText.of(durationNs)).isEqualTo(text);
    }

    @Test
    void shouldReadDurations()
    {
        assertThat(DurationText.parse("90s")).isEqualTo(Duration.ofSeconds(90));
        assertThat(DurationText.parse("2h")).isEqualTo(Duration.ofHours(2));
        assertThatThrownBy(() -> DurationText.parse("5")).hasMessageContaining("ms, s, m, h, d");
    }
}
