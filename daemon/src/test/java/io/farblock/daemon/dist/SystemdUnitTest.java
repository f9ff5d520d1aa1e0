package io.farblock.daemon.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Asks systemd itself what it thinks of the unit. */
class SystemdUnitTest
{
    private static final String LAUNCHER = "/usr/lib/farblock/bin/farblock";
    /** In tenths of a point, as the tool wants it: the neighbours are between 12 (redis) and 96 (nginx). */
    private static final int EXPOSURE_LIMIT = 30;

    @TempDir
    private Path temporary;

    @BeforeEach
    void prepare()
    {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/systemd-analyze")),
            "systemd-analyze is not installed, so the unit goes unchecked (Debian package systemd)");
    }

    @Test
    void shouldStartTheDaemonAndFollowWritesBeforeAndAfterIt() throws Exception
    {
        final String config = " --config /etc/farblock/farblock.toml";

        assertThat(textOf("farblock.service")).contains("ExecStart=" + LAUNCHER + " daemon" + config,
            "ExecReload=" + LAUNCHER + " reload")
            .containsPattern("(?m)^After=.*\\bfarblock-track.service nut-server.service$");
        assertThat(textOf("farblock-track.service")).contains("ExecStart=" + LAUNCHER + " track attach" + config,
            "ExecStop=" + LAUNCHER + " track save" + config, "Before=local-fs-pre.target", "DefaultDependencies=no",
            "Conflicts=shutdown.target", "RemainAfterExit=yes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"farblock.service", "farblock-track.service"})
    void shouldBeAUnitThatSystemdUnderstandsToTheLastKey(final String name) throws Exception
    {
        final Outcome outcome = analyze(name, "verify", "--man=no");

        // warnings about unknown keys leave the status at 0, so silence about this unit is asked for as well
        assertThat(outcome.text().lines().filter((line) -> line.contains("farblock"))).isEmpty();
        assertThat(outcome.status()).as(outcome.text()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"farblock.service", "farblock-track.service"})
    void shouldNotBeMoreExposedThanIsAgreed(final String name) throws Exception
    {
        final Outcome outcome = analyze(name, "security", "--offline=true", "--threshold=" + EXPOSURE_LIMIT);

        assertThat(outcome.status()).as(outcome.text()).isZero();
    }

    @Test
    void shouldLetTheJitWriteCodeAndTheDaemonOpenBlockDevices() throws Exception
    {
        final List<String> lines = textOf("farblock.service").lines().toList();

        assertThat(lines).contains("MemoryDenyWriteExecute=no", "DeviceAllow=block-* rw")
            .noneMatch((line) -> line.startsWith("PrivateDevices=yes"));
    }

    @Test
    void shouldThawWithoutTheDaemonByAScriptThatIsShipped() throws Exception
    {
        final List<String> lines = textOf("farblock.service").lines().toList();

        assertThat(lines).contains("ExecStopPost=-/bin/bash /usr/lib/farblock/lib/thaw-watchdog.sh thaw /run/farblock",
            "RuntimeDirectory=farblock");
        assertThat(Files.readString(ProjectRoot.find().resolve("daemon/pom.xml")))
            .contains("<include>thaw-watchdog.sh</include></includes><targetPath>lib</targetPath>");
        assertThat(ProjectRoot.find().resolve("blockdev-native/src/main/resources/io/farblock/blockdev/still")
            .resolve("thaw-watchdog.sh")).isRegularFile();
    }

    private static String textOf(final String name) throws IOException
    {
        return Files.readString(ProjectRoot.find().resolve("systemd").resolve(name));
    }

    private Outcome analyze(final String name, final String... arguments) throws Exception
    {
        // The launcher is not installed where this runs, and the tool looks for it.
        final Path unit = Files.writeString(temporary.resolve(name), textOf(name).replace("=" + LAUNCHER, "=/bin/sh"));
        final List<String> command = new ArrayList<>(List.of("systemd-analyze"));
        command.addAll(Arrays.asList(arguments));
        command.add(unit.toString());
        final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        final String text = new String(process.getInputStream().readAllBytes());
        return new Outcome(process.waitFor(), text);
    }

    private record Outcome(int status, String text)
    {
    }
}
