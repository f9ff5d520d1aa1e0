package io.farblock.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.daemon.control.ControlJson;
import io.farblock.daemon.power.PowerEvent;
import io.farblock.daemon.power.PowerStatus;
import io.farblock.daemon.power.PowerStatus.GroupRisk;
import io.farblock.daemon.power.PowerStatus.UpsLine;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The power as people and programs read it, from fixed records. */
class PowerTextTest
{
    private static final long SECOND = 1_000_000_000L;
    static final PowerStatus STATUS = new PowerStatus("low", "cellar low", 12 * SECOND, "resting",
        "standing down: low (cellar low)", 95 * SECOND, 35 * SECOND, 1,
        List.of(
            new UpsLine("cellar", "low", "low", false, 1, 18, 95 * SECOND, 42, "OB DISCHRG LB", 12 * SECOND,
                SECOND, ""),
            new UpsLine("roof", "unknown", "on-battery", true, 0, -1, -1, -1, "", 30 * SECOND, -1,
                "nobody answers")),
        Map.of("low", List.of("drain", "stop")), 60 * SECOND,
        List.of(new GroupRisk("vms", 5 << 20, 1 << 20, 10 << 20, 2 * SECOND, 300 * SECOND, 30 * SECOND,
            400 << 20, 66 << 20), new GroupRisk("files", -1, -1, 0, -1, 0, 0, -1, -1)),
        List.of(new PowerEvent(1_763_785_264_000L, "drain", Map.of("group", "vms"))));

    @Test
    void shouldShowWhatUpsesSayAsBars()
    {
        // how wide columns are is Columns' affair
        assertThat(PowerText.brief(STATUS).replaceAll("(?<=\\S) {2,}", "  ")).isEqualTo("""
            power low for 12.0 s  runtime 1 m 35 s, of which 35.0 s for epochs  RESTING
              standing down: low (cellar low)
              UPS  STATE  FOR  CHARGE  RUNTIME  LOAD  HEARD  SUPPLIES  REASON
              cellar  low  12.0 s  [####----------------] 18 %  [#-------------------] 1 m 35 s\
              [########------------] 42 %  1.0 s ago  1  OB DISCHRG LB
              roof  unknown (counts as on-battery)  30.0 s  [....................] unknown\
              [....................] unknown  [....................] unknown  never  0  REPLACE BATTERY nobody answers
              2025-11-22T04:21:04Z  drain group=vms
            """);
    }

    @Test
    void shouldSayWhatWouldBeLostAndWhatIsNotKnown()
    {
        final String text = PowerText.full(STATUS);

        assertThat(text).contains("the last 1 m 0 s of runtime are the shutdown's");
        assertThat(text).containsPattern("(?m)^  low +drain, stop$");
        assertThat(text).containsPattern(
            "vms +5 MiB +1 MiB/s +10 MiB/s +2.0 s +5 m 0 s +30.0 s +400 MiB +66 MiB");
        assertThat(text).containsPattern("files +unknown +unknown +unknown +unknown +on demand +the same +unknown");
        assertThat(text).contains("when the battery dies now, unknown are lost");
    }

    @Test
    void shouldHaveItAllInJson()
    {
        assertThat(ControlJson.line(STATUS)).startsWith("{\"state\":\"low\",\"reason\":\"cellar low\",\"forNs\":")
            .contains("\"upses\":[{\"name\":\"cellar\"")
            .contains("\"risk\":[{\"group\":\"vms\",\"waitingBytes\":5242880")
            .contains("\"events\":[{\"atMs\":1763785264000,\"kind\":\"drain\",\"numbers\":{\"group\":\"vms\"}}]");
    }
}
