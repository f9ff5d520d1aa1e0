package io.farblock.daemon.power.nut;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farblock.daemon.power.UpsConfig;
import java.util.List;
import org.agrona.concurrent.SystemNanoClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What needs no server. */
class NutMonitorTest
{
    @ParameterizedTest
    @ValueSource(strings = {"", "lab\nSET VAR lab ups.delay.shutdown 0", "lab\u0000"})
    void shouldRefuseANameThatWouldBeMoreThanOneLine(final String ups)
    {
        final UpsConfig config = Upses.called(ups, UpsConfig.Tls.OFF);

        assertThatThrownBy(() -> new NutMonitor(List.of(config), SystemNanoClock.INSTANCE))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("ups rack: found").hasMessageContaining("expected printable");
    }

    @Test
    void shouldWatchNothing()
    {
        try (NutMonitor monitor = new NutMonitor(List.of(), SystemNanoClock.INSTANCE).launch())
        {
            assertThat(monitor.upses()).isEmpty();
        }
    }
}
