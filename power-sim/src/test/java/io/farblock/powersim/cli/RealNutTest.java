package io.farblock.powersim.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.farblock.blockdev.LeakCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** NUT's own clients, from the machine's package, in front of a simulated UPS. */
class RealNutTest
{
    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck("ups-", "lab-");

    private static final Path UPSC = Path.of("/bin/upsc");
    private static final String ONE = "[[ups]]\nname = \"ups\"\ndescription = \"for a test\"\nreturn = \"0s\"\n";

    @TempDir
    private Path directory;

    @BeforeEach
    void requireClients()
    {
        assumeTrue(Files.isExecutable(UPSC), "needs upsc of the package nut-client");
    }

    @Test
    void shouldBeReadByUpsc() throws Exception
    {
        try (PowerLab lab = new PowerLab(directory, "", ONE + "[[ups]]\nname = \"second\"\nload = 450\n"))
        {
            lab.serve().done("cut", "--ups", "second");

            assertThat(upsc("-l", lab.address())).containsExactly("ups", "second");
            assertThat(upsc("-L", lab.address())).containsExactly("ups: for a test", "second: simulated");
            assertThat(upsc("ups@" + lab.address())).contains("battery.charge: 100", "input.voltage: 230.0",
                "ups.load: 33", "ups.status: OL").hasSizeGreaterThan(25);
            assertThat(upsc("second@" + lab.address(), "ups.status")).containsExactly("OB DISCHRG");
            assertThat(upsc("second@" + lab.address(), "ups.load")).containsExactly("50");
            assertThat(upsc("-c", "ups@" + lab.address())).isEmpty();
            assertThat(upsc("none@" + lab.address())).containsExactly("Error: Unknown UPS");
            assertThat(upsc("ups@" + lab.address(), "x.y")).containsExactly("Error: Variable not supported by UPS");
        }
    }

    @Test
    void shouldTellUpscThatItCannotTell() throws Exception
    {
        try (PowerLab lab = new PowerLab(directory, "", ONE))
        {
            lab.serve();
            final String ups = "ups@" + lab.address();

            lab.done("silence", "stale");
            assertThat(upsc(ups)).containsExactly("Error: Data stale");
            lab.done("silence", "driver-gone");
            assertThat(upsc(ups)).containsExactly("Error: Driver not connected");
            lab.done("silence", "frozen");
            lab.done("cut");
            assertThat(upsc(ups, "ups.status")).containsExactly("OL");
            lab.done("silence", "refuse");
            PowerLab.await(() -> upsc(ups).equals(List.of("Error: Connection failure: Connection refused")));
            lab.done("speak");
            PowerLab.await(() -> upsc(ups, "ups.status").equals(List.of("OB DISCHRG")));
        }
    }

    @Test
    void shouldObeyUpscmdAndUpsrw() throws Exception
    {
        try (PowerLab lab = new PowerLab(directory, "", ONE))
        {
            lab.serve();
            final String ups = "ups@" + lab.address();
            final List<String> login = List.of("-u", "primary", "-p", PowerLab.PASSWORD);

            assertThat(run("/bin/upscmd", List.of("-l", ups))).contains("load.off - Switch the output off at once");
            assertThat(run("/bin/upscmd", login, "-w", ups, "load.off")).contains("SUCCESS");
            assertThat(upsc(ups, "ups.status")).containsExactly("OL OFF");
            assertThat(run("/bin/upscmd", login, ups, "load.on")).contains("OK");
            assertThat(upsc(ups, "ups.status")).containsExactly("OL");
            assertThat(run("/bin/upsrw", login, "-s", "battery.charge.low=33", ups)).contains("OK");
            assertThat(run("/bin/upsrw", List.of(ups))).contains("[battery.charge.low]", "Type: RANGE NUMBER",
                "Option: \"0-100\" SELECTED");
            assertThat(upsc(ups, "battery.charge.low")).containsExactly("33");
            assertThat(run("/bin/upsrw", login, "-s", "battery.charge.low=133", ups))
                .anyMatch((line) -> line.contains("INVALID-VALUE"));
        }
    }

    @Test
    void shouldKeepASecondaryInformed() throws Exception
    {
        requireUpsmon();
        try (PowerLab lab = new PowerLab(directory, "", ONE))
        {
            lab.serve();
            try (Upsmon upsmon = new Upsmon(directory, "secondary", "ups@" + lab.address()))
            {
                PowerLab.await(() -> upsc("-c", "ups@" + lab.address()).equals(List.of("127.0.0.1")));

                lab.done("cut");
                upsmon.awaitNotice("ONBATT", 1);
                lab.done("restore");
                upsmon.awaitNotice("ONLINE", 1);
                lab.done("silence", "stale");
                upsmon.awaitNotice("COMMBAD", 1);
                lab.done("speak");
                upsmon.awaitNotice("COMMOK", 1);
                lab.done("silence", "refuse");
                upsmon.awaitNotice("COMMBAD", 2);
                lab.done("speak");
                upsmon.awaitNotice("COMMOK", 2);
                lab.done("replace-battery");
                upsmon.awaitNotice("REPLBATT", 1);

                assertThat(upsmon.hasShutDown()).isFalse();
                lab.done("cut");
                upsmon.awaitNotice("ONBATT", 2);
                lab.done("fsd");
                upsmon.awaitNotice("FSD", 1);
                upsmon.awaitShutdown();
            }
        }
    }

    @Test
    void shouldBeShutDownInOrderWhenTheBatteryIsLow() throws Exception
    {
        requireUpsmon();
        try (PowerLab lab = new PowerLab(directory, "", ONE))
        {
            final String ups = "ups@" + lab.serve().address();
            try (Upsmon primary = new Upsmon(directory, "primary", ups);
                Upsmon secondary = new Upsmon(directory, "secondary", ups))
            {
                PowerLab.await(() -> upsc("-c", ups).size() == 2);
                lab.done("cut");
                primary.awaitNotice("ONBATT", 1);
                secondary.awaitNotice("ONBATT", 1);
                lab.done("load", "800");
                lab.done("speed", "100");

                lab.awaitStatus("\"LB\"");
                lab.done("speed", "1");

                secondary.awaitNotice("LOWBATT", 1);
                primary.awaitNotice("LOWBATT", 1);
                secondary.awaitNotice("FSD", 1);
                secondary.awaitShutdown();
                primary.awaitNotice("SHUTDOWN", 1);
                primary.awaitShutdown();
                assertThat(upsc(ups, "ups.status")).containsExactly("FSD OB DISCHRG LB");
                assertThat(lab.run("status", "--json").out()).contains("\"output_on\":true");
            }
        }
    }

    @Test
    void shouldSpeakTlsWithUpsmon() throws Exception
    {
        requireUpsmon();
        final Path openssl = Path.of("/usr/bin/openssl");
        assumeTrue(Files.isExecutable(openssl), "needs openssl of the package openssl");
        final Path pem = directory.resolve("ups.pem");
        final Process making = new ProcessBuilder(openssl.toString(), "req", "-x509", "-newkey", "rsa:2048", "-nodes",
            "-days", "2", "-subj", "/CN=localhost", "-keyout", "-", "-out", "-").redirectOutput(pem.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        assertThat(making.waitFor()).isZero();
        try (PowerLab lab = new PowerLab(directory, "certificate = \"ups.pem\"\n", ONE))
        {
            lab.serve();
            try (Upsmon upsmon =
                new Upsmon(directory, "secondary", "ups@" + lab.address(), "FORCESSL 1", "CERTVERIFY 0"))
            {
                PowerLab.await(() -> upsc("-c", "ups@" + lab.address()).contains("127.0.0.1"));
                lab.done("cut");

                upsmon.awaitNotice("ONBATT", 1);

                assertThat(upsmon.said()).contains("Connected to NUT server 127.0.0.1 in SSL");
            }
        }
    }

    private static void requireUpsmon()
    {
        assumeTrue(Files.isExecutable(Upsmon.PROGRAM), "needs upsmon of the package nut-client");
        assumeTrue("root".equals(System.getProperty("user.name")),
            "needs root, which upsmon gives up for the user nut");
    }

    /** What upsc says, but for what it says of TLS. */
    private static List<String> upsc(final String... words)
    {
        return run(UPSC.toString(), Arrays.asList(words));
    }

    private static List<String> run(final String program, final List<String> words, final String... moreWords)
    {
        final List<String> command = new ArrayList<>(List.of(program));
        command.addAll(words);
        command.addAll(Arrays.asList(moreWords));
        try
        {
            final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            return new String(process.getInputStream().readAllBytes()).lines()
                .filter((line) -> !line.isBlank() && !line.startsWith("Init SSL")).toList();
        }
        catch (final IOException failed)
        {
            throw new AssertionError(program + " does not run", failed);
        }
    }
}
