package io.farblock.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The manual, the terminal and the reader speak of the same keys. */
class ConfigTableTest
{
    @Test
    void shouldPrintTheManualsTable() throws IOException
    {
        final String manual = Files.readString(Path.of("src/docs/configuration.md"));

        assertThat(manual.substring(manual.indexOf("## Top level"))).isEqualTo(ConfigTable.markdown());
    }

    @Test
    void shouldShowEveryKeyWithDefaultAndUnit()
    {
        assertThat(ConfigTable.text().lines().skip(1)).hasSize(ConfigKey.values().length);
        for (final ConfigKey key : ConfigKey.values())
        {
            assertThat(ConfigTable.text()).containsPattern(
                "(?m)^" + key.dotted() + " +" + key.defaultText() + " +" + key.unit().replace("[", "\\["));
        }
    }

    @Test
    void shouldAcceptTheExampleOfTheManual() throws Exception
    {
        final String manual = Files.readString(Path.of("src/docs/configuration.md"));
        final int begin = manual.indexOf("```toml\n") + "```toml\n".length();

        final DaemonConfig config = ConfigFile.parse("f", manual.substring(begin, manual.indexOf("```\n", begin)), 2);

        assertThat(config.groups()).hasSize(1);
        assertThat(config.replicas()).hasSize(1);
    }
}
