package io.farblock.powersim.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.LeakCheck;
import io.farblock.powersim.cli.PowerLab.Outcome;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The life of a UPS, as commands make it. */
class UpsCommandsTest
{
    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck("ups-", "lab-");

    private static final String ONE = "[[ups]]\nname = \"ups\"\nreturn = \"0s\"\n[ups.generator]\nwait = \"1000h\"\n";

    @TempDir
    private Path directory;

    @Test
    void shouldShowAnOutageAndItsEnd() throws Exception
    {
        try (PowerLab lab = new PowerLab(directory, "", ONE))
        {
            lab.serve();

            assertThat(lab.done("cut")).isEqualTo("ups: OB DISCHRG\n");
            final String picture = lab.done("status");

            assertThat(picture).contains("ups  OB DISCHRG\n", "input    ....................    0 V of 230, none",
                "battery  ####################  100 %", "load     ######..............   33 %, 300 W of 900",
                "runtime  ###########.........  35 min", "upsc ups@127.0.0.1:", "cut\n");
            assertThat(lab.done("restore")).isEqualTo("ups: OL CHRG\n");
            assertThat(lab.stop()).isZero();
            assertThat(Path.of(lab.file + ".sock")).doesNotExist();
        }
    }

    @Test
    void shouldRunDownAsFastAsItIsTold() throws Exception
    {
        try (PowerLab lab = new PowerLab(directory, "", ONE))
        {
            lab.serve("--speed", "6000");

            lab.done("cut");

            lab.awaitStatus("\"output_on\":false,\"output_losses\":1");
            assertThat(lab.done("status")).contains("OB OFF LB, output is off", "6000 times as fast as here",
                "runtime  ....................  0 s");
            assertThat(lab.done("speed", "1")).isEqualTo("time passes 1 times as fast\n");
            lab.done("restore");
            assertThat(lab.done("on")).isEqualTo("ups: OL CHRG LB\n");
        }
    }

    @Test
    void shouldDoWhatItIsToldWhileItRuns() throws Exception
    {
        try (PowerLab lab = new PowerLab(directory, "", ONE))
        {
            lab.serve();

            assertThat(lab.done("load", "1000")).isEqualTo("ups: OL OVER\n");
            assertThat(lab.done("load", "watts=90")).isEqualTo("ups: OL\n");
            assertThat(lab.done("brownout", "190")).isEqualTo("ups: OL BOOST\n");
            assertThat(lab.done("restore")).isEqualTo("ups: OL\n");
            assertThat(lab.done("replace-battery")).isEqualTo("ups: OL RB\n");
            assertThat(lab.done("replace-battery", "false")).isEqualTo("ups: OL\n");
            assertThat(lab.done("bypass")).isEqualTo("ups: OL BYPASS\n");
            assertThat(lab.done("bypass", "false")).isEqualTo("ups: OL\n");
            assertThat(lab.done("fsd")).isEqualTo("ups: FSD OL\n");
            assertThat(lab.done("fsd", "false")).isEqualTo("ups: OL\n");
            assertThat(lab.done("age", "9")).isEqualTo("ups: OL RB\n");
            assertThat(lab.done("age", "0")).isEqualTo("ups: OL\n");
            assertThat(lab.done("temperature", "celsius=-20")).isEqualTo("ups: OL\n");
            assertThat(lab.done("generator", "fail-next=2", "--ups", "ups")).isEqualTo("ups: OL\n");
            assertThat(lab.done("calibrate")).isEqualTo("ups: OL CAL DISCHRG\n");
            assertThat(lab.done("calibrate", "false")).startsWith("ups: OL");
            assertThat(lab.done("off")).startsWith("ups: OL OFF").contains("output is off");
            assertThat(lab.done("on")).startsWith("ups: OL");
            lab.done("lie", "charge", "stuck", "42");
            lab.done("silence", "stale");
            assertThat(lab.done("status")).contains("42 %, in truth 100 %", "clients get stale");
            lab.done("honest");
            lab.done("speak");
            assertThat(lab.done("status")).contains("100 %\n").doesNotContain("in truth", "clients get");
        }
    }

    @Test
    void shouldFlapAndUndoByItself() throws Exception
    {
        try (PowerLab lab = new PowerLab(directory, "speed = 100\n", ONE))
        {
            lab.serve();

            lab.done("flap", "--times", "2");
            lab.done("load", "600", "--at", "10s", "--for", "10s");

            lab.awaitStatus("load watts=600 for=10s is over");
            final String picture = lab.done("status");
            assertThat(picture).contains("cut for=4s is over", "300 W of 900");
            assertThat(picture.split("cut for=4s is over", -1)).hasSize(3);
        }
    }

    @Test
    void shouldPlayTheScenario() throws Exception
    {
        final Path scenario = Files.writeString(directory.resolve("night.toml"), """
            [[event]]
            at = "5s"
            do = "cut"
            for = "10s"
            ups = "b"
            """);
        try (PowerLab lab = new PowerLab(directory, "", ONE + "[[ups]]\nname = \"b\"\n"))
        {
            lab.serve("--scenario", scenario.toString(), "--speed", "100");

            lab.awaitStatus("cut for=10s ups=b is over");

            assertThat(lab.done("status")).contains("b: OB DISCHRG").doesNotContain("ups: OB");
        }
    }

    @Test
    void shouldLetOneServerHaveAFile() throws Exception
    {
        try (PowerLab lab = new PowerLab(directory, "", ONE))
        {
            lab.serve();

            final Outcome second = lab.run("serve");

            assertThat(second.exit()).isEqualTo(3);
            assertThat(second.err()).contains("another power-sim serves this file; stop it with power-sim ups stop");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(Path.of(lab.file + ".sock"))))
                .isEqualTo("rw-------");
        }
    }

    @Test
    void shouldSayThatItsPortIsTaken() throws Exception
    {
        try (ServerSocket upsd = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            PowerLab lab = new PowerLab(directory, "", ONE))
        {
            final Outcome refused = lab.run("serve", "--listen", "127.0.0.1:" + upsd.getLocalPort());

            assertThat(refused.exit()).isEqualTo(1);
            assertThat(refused.err()).contains("127.0.0.1:" + upsd.getLocalPort() + " cannot be listened at: Address",
                "choose another with --listen");
            assertThat(Path.of(lab.file + ".sock")).doesNotExist();
        }
    }

    @Test
    void shouldSayWhatCannotBeDone() throws Exception
    {
        try (PowerLab lab = new PowerLab(directory, "", "[[ups]]\nname = \"ups\"\n"))
        {
            final Outcome unserved = lab.run("cut");
            lab.serve();

            assertThat(unserved.exit()).isEqualTo(3);
            assertThat(unserved.err()).contains("nobody serves", "power-sim ups serve " + lab.file);
            assertThat(lab.run("load").exit()).isEqualTo(2);
            assertThat(lab.run("load").err()).contains("event.watts: found nothing, expected a number");
            assertThat(lab.run("load", "5", "6").err()).contains("\"6\" is one word too many; load takes watts");
            assertThat(lab.run("load", "lots").err()).contains("found \"lots\", expected a number");
            assertThat(lab.run("cut", "--ups", "u2").err()).contains("event.ups: found \"u2\", expected one of ups");
            assertThat(lab.run("cut", "--for", "long").err())
                .contains("event.for: found \"long\", expected a duration");
            assertThat(lab.run("generator", "fail-next=1").err()).contains("ups, which has no generator");
            assertThat(lab.run("cut", "9=9").err()).contains("\"9=9\" is no setting");
            assertThat(lab.run("speed", "fast").err()).contains("\"fast\" is no speed; expected a number from");
            assertThat(lab.run("silence", "loud").err()).contains("expected one of refuse, hang, stale, driver-gone");
        }
    }

    @Test
    void shouldRefuseBadArguments() throws Exception
    {
        try (PowerLab lab = new PowerLab(directory, "certificate = \"ups.pem\"\n", ONE))
        {
            assertThat(PowerLab.runAll().err()).contains("which command? There are ups");
            assertThat(PowerLab.runAll("ups").err()).contains("which command? There are serve, status");
            assertThat(lab.run("explode").exit()).isEqualTo(2);
            assertThat(lab.run("serve", "--listen", "here").err())
                .contains("--listen here, expected an address such as");
            assertThat(lab.run("serve", "--speed", "0").err()).contains("--speed 0.0, expected a number from");
            assertThat(lab.run("serve").err()).contains("ups.pem: ");
            Files.writeString(directory.resolve("ups.pem"), "hello");
            assertThat(lab.run("serve").err()).contains("found no certificate with an unencrypted key", "openssl req");
            assertThat(lab.run("serve", "--scenario", "/none").err()).contains("/none: found");
            Files.writeString(lab.file, "[[ups]]\nname = 3\n");
            assertThat(lab.run("serve").exit()).isEqualTo(2);
            assertThat(lab.run("serve").err()).contains("ups.toml:2: ups.name: found 3, expected the name");
        }
    }
}
