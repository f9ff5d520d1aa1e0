package io.farblock.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.farblock.replication.SnapshotPlan;
import io.farblock.replication.source.CutPlan;
import io.farblock.replication.source.SourceConfig;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What makes an epoch one instant, as the file says it, and what it may not say. */
class CutReaderTest
{
    private static final String HEAD = """
        site = "alpha"
        [[peer]]
        name = "beta"
        insecure = true
        [[peer.path]]
        name = "p"
        remote = "127.0.0.1:1"
        [[group]]
        name = "g"
        peer = "beta"
        """;
    private static final String VOLUME = """
        [[group.volume]]
        name = "v"
        device = "/dev/x"
        """;

    @Test
    void shouldDoNothingUnlessToldTo() throws ConfigException
    {
        final SourceConfig.Group group = group("", "");

        assertThat(group.cut().mode()).isEqualTo(CutPlan.Mode.LIVE);
        assertThat(group.volumes().get(0).snapshot()).isNull();
    }

    @Test
    void shouldReadWhatSuspendTakes() throws ConfigException
    {
        final CutPlan cut = group("""
            consistency = "suspend"
            pause = "80ms"
            before = ["/bin/flush", "--all tables"]
            after = ["/bin/go"]
            hook_limit = "5s"
            """, "tracking = \"bpf\"").cut();

        assertThat(cut).isEqualTo(new CutPlan(CutPlan.Mode.SUSPEND, TimeUnit.MILLISECONDS.toNanos(80),
            List.of("/bin/flush", "--all tables"), List.of("/bin/go"), TimeUnit.SECONDS.toNanos(5)));
    }

    @Test
    void shouldReadHowSnapshotsAreMade() throws ConfigException
    {
        assertThat(snapshot("")).isEqualTo(new SnapshotPlan(SnapshotPlan.Kind.REFLINK, List.of(), List.of(), "20%"));
        assertThat(snapshot("snapshot = \"lvm\"\nsnapshot_size = \"1GiB\""))
            .isEqualTo(new SnapshotPlan(SnapshotPlan.Kind.LVM, List.of(), List.of(), "1073741824"));
        assertThat(snapshot("snapshot = \"hook\"\nsnapshot_create = [\"/c\"]\nsnapshot_remove = [\"/r\", \"x\"]"))
            .isEqualTo(new SnapshotPlan(SnapshotPlan.Kind.HOOK, List.of("/c"), List.of("/r", "x"), "20%"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "consistency = \"frozen\"                     |                             | live, suspend, stop or snapshot",
        "consistency = \"suspend\"                    |                             | bpf, as consistency = \"sus",
        "consistency = \"stop\"                       |                             | a command that stops the appl",
        "consistency = \"suspend\"¶before = [\"/b\"]  | tracking = \"bpf\"          | since its counterpart is",
        "before = [\"/b\"]¶after = [\"/a\"]           |                             | consistency other than \"live\"",
        "pause = \"1s\"                               |                             | none without consistency = \"su",
        "consistency = \"suspend\"¶pause = \"2m\"     | tracking = \"bpf\"          | from 1ms to 60s",
        "consistency = \"stop\"¶before = \"/b\"       |                             | a list of texts such as",
        "consistency = \"stop\"¶before = [1]          |                             | a list of texts such as",
        "consistency = \"stop\"¶before = []           |                             | a list of texts such as",
        "                                             | snapshot = \"lvm\"          | none without consistency = \"sn",
        "consistency = \"snapshot\"                   | snapshot = \"zfs\"          | reflink, lvm or hook",
        "consistency = \"snapshot\"                   | snapshot = \"hook\"         | snapshot = \"hook\" needs it",
        "consistency = \"snapshot\"                   | snapshot_size = \"10%\"     | none without snapshot = \"lvm\"",
        "consistency = \"snapshot\"                   | snapshot = \"lvm\"¶snapshot_size = \"0%\" | whole number",
    })
    void shouldSayWhatDoesNotGoTogether(final String ofGroup, final String ofVolume, final String expected)
    {
        final ConfigException refused = catchThrowableOfType(ConfigException.class,
            () -> group(lines(ofGroup), lines(ofVolume)));

        assertThat(refused).hasMessageContaining(expected);
    }

    private static String lines(final String text)
    {
        return text == null ? "" : text.replace('¶', '\n') + "\n";
    }

    private static SnapshotPlan snapshot(final String ofVolume) throws ConfigException
    {
        return group("consistency = \"snapshot\"\n", ofVolume).volumes().get(0).snapshot();
    }

    private static SourceConfig.Group group(final String ofGroup, final String ofVolume) throws ConfigException
    {
        return ConfigFile.parse("f", HEAD + ofGroup + VOLUME + ofVolume + "\n", 2).sources().get(0).groups().get(0);
    }
}
