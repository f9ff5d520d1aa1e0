package io.farblock.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.farblock.replication.identity.Fingerprint;
import io.farblock.replication.paths.PathMode;
import io.farblock.replication.shaping.PeerLimits;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Good files become what they say; each mistake is its exact line. */
class ConfigFileTest
{
    private static final String GOOD = """
        site = "alpha"
        window = "4MiB"
        compression = "none"
        [listen]
        addresses = ["127.0.0.1:7700", "[::1]:7700"]
        insecure = true
        [[peer]]
        name = "beta"
        insecure = true
        [[peer.path]]
        name = "fibre"
        local = "127.0.0.1"
        remote = "127.0.0.1:7701"
        [[peer.path]]
        name = "dsl"
        remote = "beta.example:7701"
        [[group]]
        name = "vms"
        peer = "beta"
        interval = "5m"
        [[group.volume]]
        name = "disk0"
        device = "/dev/md0"
        block = "128KiB"
        [[replica]]
        peer = "gamma"
        group = "g"
        volume = "v"
        device = "/srv/v.img"
        """;

    @TempDir
    private Path directory;

    @Test
    void shouldConcludeAGoodFile() throws ConfigException
    {
        final DaemonConfig config = ConfigFile.parse("f", GOOD, 2);

        assertThat(config.site()).isEqualTo("alpha");
        assertThat(config.state()).isEqualTo(Path.of("/var/lib/farblock"));
        assertThat(config.journalLimitBytes()).isEqualTo(8L << 30);
        assertThat(config.windowBytes()).isEqualTo(4 << 20);
        assertThat(config.compressionLevel()).isZero();
        assertThat(config.compressors()).isEqualTo(2);
        assertThat(config.listen()).hasSize(2);
        assertThat(config.groups().get(0).interval()).isEqualTo(Duration.ofMinutes(5));
        assertThat(config.sources()).singleElement().satisfies(source ->
        {
            assertThat(source.stateDirectory()).isEqualTo(Path.of("/var/lib/farblock/source/beta"));
            assertThat(source.paths().get(0).local().getHostString()).isEqualTo("127.0.0.1");
            assertThat(source.paths().get(1).local()).isNull();
            assertThat(source.paths().get(1).remote().isUnresolved()).isTrue();
            assertThat(source.groups().get(0).volumes().get(0).blockBytes()).isEqualTo(128 << 10);
        });
        assertThat(config.target()).hasValueSatisfying(target ->
            assertThat(target.stateDirectory()).isEqualTo(Path.of("/var/lib/farblock/target")));
    }

    @Test
    void shouldTakeTheDefaultsThatTheTableShows() throws ConfigException
    {
        final DaemonConfig config = ConfigFile.parse(
            "f", "site = \"b\"\n[listen]\naddresses = [\"127.0.0.1:1\"]\ninsecure = true\n", 3);

        assertThat(config.windowBytes()).isEqualTo(32 << 20);
        assertThat(config.journalReserveBytes()).isEqualTo(256L << 20);
        assertThat(config.compressionLevel()).isEqualTo(1);
        assertThat(config.verifiers()).isEqualTo(3);
        assertThat(config.control()).isEqualTo(Path.of("/run/farblock/control.sock"));
        assertThat(config.sources()).isEmpty();
        assertThat(config.security()).isEqualTo(new DaemonConfig.Security(null, null, null, true));
    }

    @Test
    void shouldTakeTlsUnlessTheFileSaysOtherwise() throws ConfigException
    {
        final Fingerprint pin = Fingerprint.parse("ab".repeat(32));

        final DaemonConfig config = ConfigFile.parse("f", "site = \"b\"\ncertificate = \"/c.pem\"\nkey = \"/k.pem\"\n"
            + "authority = \"/ca.pem\"\n[listen]\naddresses = [\"127.0.0.1:1\"]\n[[peer]]\nname = \"a\"\n"
            + "fingerprints = [\"" + pin + "\"]\n", 3);

        assertThat(config.security()).isEqualTo(
            new DaemonConfig.Security(Path.of("/c.pem"), Path.of("/k.pem"), Path.of("/ca.pem"), false));
        assertThat(config.peer("a")).isEqualTo(new DaemonConfig.Peer(
            "a", List.of(), PathMode.STRIPE, PeerLimits.NONE, List.of(pin), false));
    }

    static Stream<? extends Arguments> mistakes()
    {
        return Stream.of(mistakesAtTheTop(), mistakesInPeers(), mistakesInGroups()).flatMap(List::stream);
    }

    private static List<Mistaken> mistakesAtTheTop()
    {
        return List.of(
            wrong("site = \"alpha\"", "site = 7",
                "f:1: site: found 7, expected name, in quotes (write site = \"...\")"),
            wrong("site = \"alpha\"\n", "",
                "f:1: site: found nothing, expected name (add site = ... to the top of the file)"),
            wrong("site = \"alpha\"", "site = \"a/b\"",
                "f:1: site: found \"a/b\", expected a name of letters, digits, dot, dash and underscore, 63 at most"
                    + " (correct it)"),
            wrong("window = \"4MiB\"", "windows = \"4MiB\"",
                "f:2: windows: found \"windows\", expected a known key (did you mean window?)"),
            wrong("window = \"4MiB\"", "window = \"8MB\"",
                "f:2: window: found \"8MB\", expected a whole number with one of B, KiB, MiB, GiB, TiB"
                    + " (correct it, or remove it for the default: 32MiB)"),
            wrong("window = \"4MiB\"", "window = \"9GiB\"",
                "f:2: window: found \"9GiB\", expected from 1 MiB to 1 GiB"
                    + " (correct it, or remove it for the default: 32MiB)"),
            wrong("window = \"4MiB\"", "window = \"99999999999999999T\"",
                "f:2: window: found \"99999999999999999T\", expected a size under 8192 PiB"
                    + " (correct it, or remove it for the default: 32MiB)"),
            wrong("window = \"4MiB\"", "compressors = 0",
                "f:2: compressors: found 0, expected a whole number from 1 to 256"
                    + " (correct it, or remove it for the default)"),
            wrong("window = \"4MiB\"", "state = \"var\"",
                "f:2: state: found \"var\", expected an absolute path"
                    + " (correct it, or remove it for the default: /var/lib/farblock)"),
            wrong("compression = \"none\"", "compression = \"zstd:40\"",
                "f:3: compression: found \"zstd:40\", expected none or zstd:LEVEL with a level from -7 to 19, not 0"
                    + " (correct it, or remove it for the default: zstd:1)"),
            wrong("[\"127.0.0.1:7700\", \"[::1]:7700\"]", "[\"localhost:7700\"]",
                "f:5: listen.addresses: found \"localhost:7700\", expected IP:PORT with a port from 1 to 65535"
                    + " (correct it)"),
            wrong("[\"127.0.0.1:7700\", \"[::1]:7700\"]", "\"127.0.0.1:7700\"",
                "f:5: listen.addresses: found \"127.0.0.1:7700\", expected a list such as [\"127.0.0.1:7700\"]"
                    + " (name at least one address)"),
            wrong("[\"127.0.0.1:7700\", \"[::1]:7700\"]", "[\"127.0.0.1:7700\", \"127.0.0.1:7700\"]",
                "f:5: listen.addresses: found \"127.0.0.1:7700\", expected each address once (remove one of them)"));
    }

    private static List<Mistaken> mistakesInPeers()
    {
        return List.of(
            wrong("insecure = true\n[[peer]]", "insecure = \"no\"\n[[peer]]",
                "f:6: listen.insecure: found \"no\", expected true or false, without quotes (correct it, or remove it"
                    + " for the default: false)"),
            wrong("insecure = true\n[[peer.path]]", "fingerprints = [\"sha256:12\"]\n[[peer.path]]",
                "f:9: peer.fingerprints: found \"sha256:12\", expected sha256: and 64 hexadecimal digits (correct it,"
                    + " or remove it for the default: nothing)"),
            wrong("insecure = true\n[[peer.path]]", "fingerprints = \"sha256:12\"\n[[peer.path]]",
                "f:9: peer.fingerprints: found \"sha256:12\", expected a list such as [\"sha256:...\"] (put brackets"
                    + " around it)"),
            wrong("[listen]", "key = \"/k.pem\"\n[listen]",
                "f:1: certificate: found nothing, expected a path, as key is there (name the file that belongs to it)"),
            wrong("name = \"dsl\"\nremote = \"beta.example:7701\"\n", "name = \"dsl\"\nremote = \"beta.example:7701\"\n"
                + "[[peer]]\nname = \"delta\"\n[[group]]\nname = \"g\"\npeer = \"delta\"\n"
                + "[[group.volume]]\nname = \"v\"\ndevice = \"/dev/x\"\n",
                "f:17: peer.path: found nothing, expected at least one [[peer.path]], as a group goes there (add"
                    + " [[peer.path]] with name and remote below this [[peer]])"),
            wrong("name = \"beta\"", "name = \"alpha\"",
                "f:8: peer.name: found \"alpha\", expected another name than this site's: site = \"alpha\""
                    + " (give each site its own name)",
                "f:19: group.peer: found \"beta\", expected one of alpha (name a [[peer]] of this file, or add one)"),
            wrong("local = \"127.0.0.1\"", "local = \"127.0.0.1:1\"",
                "f:12: peer.path.local: found \"127.0.0.1:1\", expected an IP address without a port"
                    + " (correct it, or remove it for the default: as routed)"),
            wrong("remote = \"127.0.0.1:7701\"", "remote = \"127.0.0.256:7701\"",
                "f:13: peer.path.remote: found \"127.0.0.256:7701\", expected HOST:PORT with a port from 1 to 65535"
                    + " (correct it)"),
            wrong("remote = \"127.0.0.1:7701\"", "remote = \"127.0.0.1:99999\"",
                "f:13: peer.path.remote: found \"127.0.0.1:99999\", expected HOST:PORT with a port from 1 to 65535"
                    + " (correct it)"),
            wrong("name = \"dsl\"", "name = \"fibre\"",
                "f:15: peer.path.name: found \"fibre\", expected a name that no other [[peer.path]] here has"
                    + " (line 11 has it already; rename one of them)"));
    }

    private static List<Mistaken> mistakesInGroups()
    {
        return List.of(
            wrong("peer = \"beta\"", "peer = \"delta\"",
                "f:19: group.peer: found \"delta\", expected one of beta (name a [[peer]] of this file, or add one)"),
            wrong("interval = \"5m\"", "interval = \"5 minutes\"",
                "f:20: group.interval: found \"5 minutes\", expected a whole number with one of ms, s, m, h, d"
                    + " (correct it, or remove it for the default: on demand only)"),
            wrong("interval = \"5m\"", "interval = \"10ms\"",
                "f:20: group.interval: found \"10ms\", expected from 1s to 30d"
                    + " (correct it, or remove it for the default: on demand only)"),
            wrong("block = \"128KiB\"", "block = \"96KiB\"",
                "f:24: group.volume.block: found \"96 KiB\", expected a power of two from 4 KiB to 1 MiB (correct it)"),
            wrong("block = \"128KiB\"", "block = \"2MiB\"",
                "f:24: group.volume.block: found \"2MiB\", expected from 4 KiB to 1 MiB"
                    + " (correct it, or remove it for the default: 64KiB)"),
            wrong("block = \"128KiB\"", "block = \"1MiB\"",
                "f:24: group.volume.block: found \"1 MiB\", expected an eighth of the window at most:"
                    + " window = 4 MiB (use smaller blocks or a larger window)"),
            wrong("block = \"128KiB\"", "tracking = \"magic\"",
                "f:24: group.volume.tracking: found \"magic\", expected scan or bpf"
                    + " (correct it, or remove it for the default: scan)"),
            wrong("block = \"128KiB\"", "[[group.volume]]\nname = \"disk0\"\ndevice = \"/dev/../dev/md0\"",
                "f:25: group.volume.name: found \"disk0\", expected a name that no other [[group.volume]] here has"
                    + " (line 22 has it already; rename one of them)",
                "f:26: group.volume.device: found \"/dev/md0\", expected a device that no other volume reads"
                    + " (line 23 has it already)"),
            wrong("device = \"/srv/v.img\"", "device = \"/dev/md0\"",
                "f:29: replica.device: found \"/dev/md0\", expected another device than a volume's"
                    + " (line 23 replicates it; a replica there would overwrite the source)"),
            wrong("[[replica]]", "[replica]",
                "f:25: replica: found a table, expected [[replica]] (write [[replica]] before its keys)"),
            wrong("[[replica]]", "[[replicas]]",
                "f:25: replicas: found \"replicas\", expected a known key (did you mean replica?)"),
            wrong("[listen]\naddresses = [\"127.0.0.1:7700\", \"[::1]:7700\"]\ninsecure = true\n", "",
                "f:22: replica: found a replica without [listen], expected [listen] with addresses"
                    + " (add [listen], or remove the replica: nothing would ever arrive)"),
            wrong("site = \"alpha\"\n", "site = \"alpha\"\nsite = \"beta\"\n",
                "f:2: site: found site previously defined at line 1, column 1, expected valid TOML"
                    + " (correct the syntax at column 1)"));
    }

    private static Mistaken wrong(final String from, final String to, final String... lines)
    {
        return new Mistaken(from, to, List.of(lines));
    }

    /** A good file with one thing changed, and what is to be said of it. */
    private record Mistaken(String from, String to, List<String> lines) implements Arguments
    {
        @Override
        public Object[] get()
        {
            return new Object[]{from, to, lines};
        }
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void shouldNameEachMistakeInItsOwnLine(final String from, final String to, final List<String> lines)
    {
        assertThat(GOOD).contains(from);

        assertThat(linesOf(GOOD.replaceFirst(Pattern.quote(from),
            Matcher.quoteReplacement(to)))).isEqualTo(lines);
    }

    @Test
    void shouldReportAllMistakesAtOnce()
    {
        assertThat(linesOf("site = 1\nstate = 2\n[[group]]\nname = \"g\"\npeer = \"nobody\"\n")).containsExactly(
            "f:1: site: found 1, expected name, in quotes (write site = \"...\")",
            "f:2: state: found 2, expected directory, in quotes (write state = \"...\")",
            "f:3: group.volume: found nothing, expected at least one [[group.volume]]"
                + " (add [[group.volume]] with name and device below this [[group]])",
            "f:5: group.peer: found \"nobody\", expected a [[peer]], and there is none"
                + " (name a [[peer]] of this file, or add one)");
    }

    @Test
    void shouldRefuseASiteThatDoesNothing()
    {
        assertThat(linesOf("site = \"a\"\n")).containsExactly(
            "f:1: group: found neither [[group]] nor [listen], expected at least one of them"
                + " (a source needs [[peer]] and [[group]], a target needs [listen] and [[replica]])");
    }

    @Test
    void shouldPointAtWhereATruncatedFileEnds()
    {
        assertThat(linesOf("site = \"alpha\"\nstate = \"/var/l")).singleElement().asString()
            .startsWith("f:2: state: found ").contains("expected ").endsWith("(the file may have been cut off here)");
    }

    @Test
    void shouldSurviveEveryPrefixOfAGoodFile()
    {
        for (int length = 0; length < GOOD.length(); length++)
        {
            final String prefix = GOOD.substring(0, length);
            try
            {
                ConfigFile.parse("f", prefix, 2);
            }
            catch (final ConfigException wrong)
            {
                assertThat(wrong.lines()).isNotEmpty().allMatch(line -> line.matches("f:\\d+: .*"));
            }
        }
    }

    @Test
    void shouldSayOneLineOfNestingThatNobodyMeans()
    {
        assertThat(linesOf("x = " + "[".repeat(100_000))).hasSize(1);
    }

    @Test
    void shouldSayOneLineOfAFileThatIsNoConfiguration() throws IOException
    {
        final Path binary = Files.write(directory.resolve("binary"), new byte[]{(byte)0xff, 0, 1, 2});
        final Path nul = Files.writeString(directory.resolve("nul"), "site = \"a\"\0");
        final Path huge = directory.resolve("huge");
        try (RandomAccessFile file = new RandomAccessFile(huge.toFile(), "rw"))
        {
            file.setLength(100L << 20);
        }
        final String advice = " (farblock config show lists the keys)";

        assertThat(linesOf(binary)).containsExactly(
            binary + ": found binary data, expected TOML text in UTF-8" + advice);
        assertThat(linesOf(nul)).containsExactly(nul + ": found binary data, expected TOML text in UTF-8" + advice);
        assertThat(linesOf(huge)).containsExactly(
            huge + ": found more than 1 MiB, expected a smaller TOML file" + advice);
        assertThat(linesOf(directory)).containsExactly(
            directory + ": found a directory, expected a TOML file" + advice);
        assertThat(linesOf(directory.resolve("none"))).containsExactly(
            directory.resolve("none") + ": found no such file, expected a TOML file" + advice);
    }

    @Test
    void shouldReadAFileFromDisk() throws Exception
    {
        final Path file = Files.write(directory.resolve("good.toml"), GOOD.getBytes(StandardCharsets.UTF_8));

        assertThat(ConfigFile.read(file).site()).isEqualTo("alpha");
    }

    private static List<String> linesOf(final String text)
    {
        return catchThrowableOfType(ConfigException.class, () -> ConfigFile.parse("f", text, 2)).lines();
    }

    private static List<String> linesOf(final Path file)
    {
        return catchThrowableOfType(ConfigException.class, () -> ConfigFile.read(file)).lines();
    }
}
