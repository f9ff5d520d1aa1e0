package io.farblock.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.daemon.control.ServerFixture;
import io.farblock.daemon.engine.FakeEngine;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exit codes and what is said, command by command. */
@Timeout(30)
class MainTest
{
    @TempDir
    private Path directory;
    private ServerFixture server;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void launch()
    {
        server = new ServerFixture(directory);
    }

    @AfterEach
    void close()
    {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "epoch", "epoch now", "verify", "daemon", "config", "config check",
        "status --nope", "demo --size 12MB", "epoch now a b"})
    void shouldCallBadUsageTwo(final String line)
    {
        final int exit = run(line.isEmpty() ? new String[0] : line.split(" "));

        assertThat(exit).isEqualTo(2);
        assertThat(err.toString().lines()).hasSizeLessThanOrEqualTo(2).first().asString().startsWith("farblock: ");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void shouldPrintVersionAndHelp()
    {
        assertThat(run("--version")).isZero();
        assertThat(out.toString()).matches("farblock \\d+\\.\\d+\\.\\d+\\S* \\(Java .*\\)\n");
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains("daemon", "config", "status", "epoch", "verify", "demo")
            .doesNotContain("promote", "restore");
    }

    @Test
    void shouldSayThatNoDaemonRuns()
    {
        assertThat(run("status", "--control", directory.resolve("none").toString())).isEqualTo(3);
        assertThat(err.toString()).startsWith("farblock: no daemon answers at ").contains("start it with")
            .doesNotContain("Exception");
    }

    @Test
    void shouldShowThePowerOrSayThatNothingIsKnownOfIt()
    {
        assertThat(client("power")).isEqualTo(3);
        assertThat(err.toString()).startsWith("farblock: this site knows no UPS: found no [[ups]]");
        server.power = PowerTextTest.STATUS;

        assertThat(client("power")).isZero();
        assertThat(out.toString()).startsWith("power low for 12.0 s").contains("energy to data", "last decisions");
        assertThat(client("status")).isZero();
        assertThat(out.toString()).contains("site alpha").contains("RESTING");
        out.getBuffer().setLength(0);
        assertThat(client("power", "--json")).isZero();

        assertThat(out.toString()).startsWith("{\"state\":\"low\"").endsWith("}\n");
    }

    @Test
    void shouldShowStatus()
    {
        assertThat(client("status")).isZero();
        assertThat(out.toString()).startsWith("site alpha   farblock 1").contains("vms").contains("unknown");
    }

    @Test
    void shouldShowStatusAsOneJsonLine()
    {
        assertThat(client("status", "--json")).isZero();
        assertThat(out.toString()).startsWith("{\"site\":\"alpha\"").endsWith("}\n");
        assertThat(out.toString().lines()).hasSize(1);
    }

    @Test
    void shouldWaitForASealedEpoch()
    {
        server.engine.epoch.complete(FakeEngine.sealed(4));

        assertThat(client("epoch", "now", "vms", "--wait")).isZero();
        assertThat(out.toString()).isEqualTo("group vms: epoch 4 is sealed (fuzzy): 64 KiB changed of 1 MiB read,"
            + " 39.1 KiB sent in 5 ms\n");
    }

    @Test
    void shouldFailWithTheReasonOfAnEpochThatFailed()
    {
        server.engine.epoch.complete(FakeEngine.failed("replica too small: 1 MiB for 2 MiB"));

        assertThat(client("epoch", "now", "vms", "--wait", "--json")).isEqualTo(1);
        assertThat(out.toString()).contains("\"sealed\":false");
        assertThat(err.toString()).isEqualTo(
            "farblock: epoch 2 of group vms failed: replica too small: 1 MiB for 2 MiB\n");
    }

    @Test
    void shouldAskWithoutWaiting()
    {
        assertThat(client("epoch", "now", "vms")).isZero();
        assertThat(server.engine.epochsAsked).hasValue(1);
    }

    @Test
    void shouldSayThatAGroupWaits()
    {
        server.engine.phase = "waiting";
        server.engine.reason = "no path is up";

        assertThat(client("epoch", "now", "vms")).isEqualTo(3);
        assertThat(err.toString()).contains("group vms waits: no path is up");
    }

    @Test
    void shouldCallAnUnknownGroupBadUsage()
    {
        assertThat(client("epoch", "now", "vm", "--wait")).isEqualTo(2);
        assertThat(err.toString()).isEqualTo("farblock: no group vm; this site sends vms\n");
    }

    @Test
    void shouldSwitchAPathAndNameThoseThereAre() throws Exception
    {
        assertThat(client("path", "disable", "dsl")).isZero();
        assertThat(client("path", "enable", "beta/dsl")).isZero();
        assertThat(server.engine.switched).containsExactly("null/dsl=false", "beta/dsl=true");
        assertThat(client("path", "disable", "fibre")).isEqualTo(2);

        assertThat(err.toString()).contains("no path fibre").contains("beta/dsl");
    }

    @Test
    void shouldReportAnEqualCopy()
    {
        server.engine.verify.complete(FakeEngine.compared(true, List.of(), false, ""));

        assertThat(client("verify", "vms")).isZero();
        assertThat(out.toString()).startsWith("group vms, epoch 3: equal; 1 MiB read back");
    }

    @Test
    void shouldCallADamagedCopyFour()
    {
        server.engine.verify.complete(FakeEngine.compared(false, List.of("disk0 65536 4096"), false, ""));

        assertThat(client("verify", "vms")).isEqualTo(4);
        assertThat(out.toString()).isEqualTo("damaged: disk0 65536 4096\n");
        assertThat(err.toString()).contains("--repair");
    }

    @Test
    void shouldCallARepairedCopyDone()
    {
        server.engine.verify.complete(FakeEngine.compared(false, List.of("disk0 65536 4096"), true, ""));

        assertThat(client("verify", "vms", "--repair")).isZero();
        assertThat(out.toString()).contains("is repaired");
    }

    @Test
    void shouldCallACompareThatCannotBeDoneThree()
    {
        server.engine.verify.complete(FakeEngine.compared(false, List.of(), false, "no path is up"));

        assertThat(client("verify", "vms")).isEqualTo(3);
        assertThat(err.toString()).contains("not compared: no path is up");
    }

    @Test
    void shouldCheckAConfiguration() throws IOException
    {
        final Path good = Files.writeString(directory.resolve("good.toml"),
            "site = \"a\"\n[listen]\naddresses = [\"127.0.0.1:1\"]\ninsecure = true\n");
        final Path bad = Files.writeString(directory.resolve("bad.toml"), "site = 1\nx = 2\n");

        assertThat(run("config", "check", good.toString())).isZero();
        assertThat(run("config", "check", bad.toString())).isEqualTo(2);
        assertThat(err.toString().lines()).hasSize(3).allMatch(line -> line.startsWith(bad + ":"));
        assertThat(run("daemon", "--config", bad.toString())).isEqualTo(2);
        assertThat(run("config", "show")).isZero();
        assertThat(out.toString()).contains("group.volume.block");
    }

    @Test
    void shouldNotStartASecondDaemonOnOneSocket() throws IOException
    {
        final Path config = Files.writeString(directory.resolve("c.toml"), "site = \"a\"\ncontrol = \"" + server.path
            + "\"\n[listen]\naddresses = [\"127.0.0.1:1\"]\ninsecure = true\n");

        assertThat(run("daemon", "--config", config.toString())).isEqualTo(3);
        assertThat(err.toString()).startsWith("farblock: cannot start: control socket ")
            .contains("another farblock daemon is running");
        assertThat(client("status")).isZero();
    }

    private int client(final String... args)
    {
        final String[] all = java.util.Arrays.copyOf(args, args.length + 2);
        all[args.length] = "--control";
        all[args.length + 1] = server.path.toString();
        return run(all);
    }

    private int run(final String... args)
    {
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }
}
