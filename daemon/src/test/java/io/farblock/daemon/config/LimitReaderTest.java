package io.farblock.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.farblock.replication.shaping.PeerLimits;
import io.farblock.replication.shaping.RateSchedule;
import io.farblock.replication.shaping.RateWindow;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Limits of a peer and of its paths become schedules; each mistake is one exact line. */
class LimitReaderTest
{
    private static final String FILE = """
        site = "alpha"
        [[peer]]
        name = "beta"
        insecure = true
        limit = %s
        [[peer.path]]
        name = "fibre"
        remote = "127.0.0.1:7701"
        limit = ["5MB/s"]
        [[peer.path]]
        name = "dsl"
        remote = "127.0.0.1:7702"
        [[group]]
        name = "vms"
        peer = "beta"
        [[group.volume]]
        name = "disk0"
        device = "/dev/md0"
        """;

    @Test
    void shouldReadThePeersAndEachPathsLimit() throws ConfigException
    {
        final DaemonConfig config =
            ConfigFile.parse("f", FILE.formatted("[\"50Mbit/s mon-fri 08:00-20:00\",\n\"unlimited\"]"), 2);

        final PeerLimits limits = config.peers().get(0).limits();
        assertThat(limits.whole().windows()).extracting(RateWindow::bytesPerSecond).containsExactly(6_250_000L, 0L);
        assertThat(limits.path("fibre").windows()).isEqualTo(List.of(RateWindow.always(5_000_000)));
        assertThat(limits.path("dsl")).isEqualTo(RateSchedule.UNLIMITED);
    }

    @Test
    void shouldNotLimitWithoutTheKey() throws ConfigException
    {
        final DaemonConfig config =
            ConfigFile.parse("f", FILE.replace("limit = %s\n", "").replace("limit = [\"5MB/s\"]\n", ""), 2);

        assertThat(config.peers().get(0).limits().whole()).isEqualTo(RateSchedule.UNLIMITED);
        assertThat(config.peers().get(0).limits().path("fibre")).isEqualTo(RateSchedule.UNLIMITED);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        "5MB/s"            | f:5: peer.limit: found "5MB/s", expected a list of 1 to 64 texts such as \
        ["50Mbit/s mon-fri 08:00-20:00"] (correct it, or remove it for the default: unlimited)
        []                 | f:5: peer.limit: found a list, expected a list of 1 to 64 texts such as \
        ["50Mbit/s mon-fri 08:00-20:00"] (correct it, or remove it for the default: unlimited)
        [5]                | f:5: peer.limit: found 5, expected a text, in quotes, such as \
        "50Mbit/s mon-fri 08:00-20:00" (correct it)
        ["5MB/s", "9MB/s"] | f:5: peer.limit: found "9MB/s", expected a rate that applies at some time: those before \
        it cover all of its hours, and the first counts (correct it, or remove it for the default: unlimited)
        ["5MB/s fr"]       | f:5: peer.limit: found "5MB/s fr", expected days such as mon-fri or sat,sun where it \
        says "fr" (correct it, or remove it for the default: unlimited)
        """)
    void shouldNameAMistakeInItsLine(final String value, final String line)
    {
        final ConfigException wrong =
            catchThrowableOfType(ConfigException.class, () -> ConfigFile.parse("f", FILE.formatted(value), 2));

        assertThat(wrong.lines()).containsExactly(line);
    }
}
