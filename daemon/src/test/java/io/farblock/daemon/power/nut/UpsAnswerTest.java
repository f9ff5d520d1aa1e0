package io.farblock.daemon.power.nut;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Gauges say all kinds of things. */
class UpsAnswerTest
{
    @ParameterizedTest
    @CsvSource(nullValues = "absent", value = {
        "100,100", "099.50,99.5", "0,0", "0.0,0", "' 87 ',87", "87 %,87", "1200,1200", "1200 s,1200", "3.,3",
        "absent,-1", "'',-1", "' ',-1", "-1,-1", "-0.5,-1", "NaN,-1", "Infinity,-1", "1e9,-1", "0x10,-1", "12 34,-1",
        "unknown,-1", "1234567890,-1", "99999999999999999999999999,-1", ".5,-1", "+5,-1", "5%%,-1", "٣,-1"})
    void shouldReadFiguresOrNone(final String text, final double expected)
    {
        final UpsAnswer answer = UpsAnswer.of("OL", text, text, text);

        assertThat(answer.chargePercent()).isEqualTo(expected);
        assertThat(answer.loadPercent()).isEqualTo(expected);
        assertThat(answer.runtimeNs()).isEqualTo(expected < 0 ? -1 : (long)(expected * 1e9));
    }
}
