package io.farblock.daemon.power.nut;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.daemon.power.UpsState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What UPSes say, and what it comes to. */
class StatusWordsTest
{
    @ParameterizedTest
    @CsvSource({
        "OL,ONLINE", "OL CHRG,ONLINE", "ol,ONLINE", "OL BOOST,ONLINE", "OL TRIM,ONLINE", "BOOST,ONLINE", "TRIM,ONLINE",
        "OL OVER,ONLINE", "OL TEST,ONLINE", "OL CAL,ONLINE", "OL LB,ONLINE", "OL LB RB,ONLINE", "OL OFF,ONLINE",
        "OL ALARM NEWWORD,ONLINE", "BYPASS,BYPASS", "OL BYPASS,BYPASS", "BYPASS OVER,BYPASS",
        "OB,ON_BATTERY", "OB DISCHRG,ON_BATTERY", "OL OB,ON_BATTERY", "BYPASS OB,ON_BATTERY", "OB CAL,ON_BATTERY",
        "OB LB CAL,ON_BATTERY", "OB OFF,ON_BATTERY", "OB LB,LOW", "LB OB DISCHRG,LOW", "OL OB LB,LOW",
        "FSD,FORCED_SHUTDOWN", "FSD OL,FORCED_SHUTDOWN", "FSD OB LB,FORCED_SHUTDOWN", "FSD WAIT,FORCED_SHUTDOWN",
        "FSD OB LB CAL,FORCED_SHUTDOWN",
        "WAIT,UNKNOWN", "WAIT OB LB,UNKNOWN", "OFF,UNKNOWN", "LB,UNKNOWN", "CHRG,UNKNOWN", "DISCHRG,UNKNOWN",
        "TEST,UNKNOWN", "CAL,UNKNOWN", "RB,UNKNOWN", "ALARM,UNKNOWN", "OVER,UNKNOWN", "OLD,UNKNOWN", "OB-LB,UNKNOWN",
        "NULL,UNKNOWN", "'  ',UNKNOWN"})
    void shouldCountTheWorst(final String words, final UpsState state)
    {
        final StatusWords status = StatusWords.of(words);

        assertThat(status.state()).isEqualTo(state);
        assertThat(status.reason().isEmpty()).isEqualTo(state != UpsState.UNKNOWN);
        assertThat(status.words()).isEqualTo(words.strip());
    }

    @Test
    void shouldSayBesideTheStateThatTheBatteryWantsToBeReplaced()
    {
        assertThat(StatusWords.of("OL RB").replaceBattery()).isTrue();
        assertThat(StatusWords.of("OB RB LB").replaceBattery()).isTrue();
        assertThat(StatusWords.of("RB").replaceBattery()).isTrue();
        assertThat(StatusWords.of("OL ARB").replaceBattery()).isFalse();
    }

    @Test
    void shouldKnowNothingFromNoStatus()
    {
        assertThat(StatusWords.of(null).state()).isEqualTo(UpsState.UNKNOWN);
        assertThat(StatusWords.of(null).reason()).contains("no ups.status");
        assertThat(StatusWords.of("").reason()).contains("empty");
        assertThat(StatusWords.of("OFF").reason()).contains("\"OFF\"");
    }

    @Test
    void shouldShowNothingThatCommandsATerminal()
    {
        final StatusWords status = StatusWords.of("OL \u001b[2J" + "X".repeat(5000));

        assertThat(status.state()).isEqualTo(UpsState.ONLINE);
        assertThat(status.words()).startsWith("OL ?[2JXXX").hasSizeLessThan(250);
    }
}
