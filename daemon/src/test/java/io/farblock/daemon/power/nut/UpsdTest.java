package io.farblock.daemon.power.nut;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.LeakCheck;
import io.farblock.daemon.faults.Deadline;
import io.farblock.daemon.faults.RootTools;
import io.farblock.daemon.power.UpsConfig;
import io.farblock.daemon.power.UpsConfig.Tls;
import io.farblock.daemon.power.UpsState;
import io.farblock.daemon.power.UpsStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.agrona.concurrent.SystemNanoClock;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The machine's own upsd, with its dummy-ups as UPS. */
@Timeout(120)
class UpsdTest
{
    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck("nut");

    private static final int PATIENCE_S = 30;

    @TempDir
    private Path directory;

    @Test
    void shouldFollowAnOutageFromItsBeginToItsEnd() throws Exception
    {
        try (TestUpsd upsd = TestUpsd.start(directory, "lab"); NutMonitor monitor = watch(upsd.config("lab")))
        {
            final List<UpsState> states = new ArrayList<>();
            states.add(await(monitor, UpsState.ONLINE).state());
            upsd.say("lab", "OB DISCHRG", 81, 700);
            final UpsStatus onBattery = await(monitor, UpsState.ON_BATTERY);
            upsd.say("lab", "OB DISCHRG LB", 9, 60);
            final UpsStatus low = await(monitor, UpsState.LOW);
            upsd.say("lab", "FSD OB DISCHRG LB", 5, 30);
            await(monitor, UpsState.FORCED_SHUTDOWN);
            upsd.say("lab", "OL CHRG RB", 6, 40);
            final UpsStatus back = await(monitor, UpsState.ONLINE);

            assertThat(onBattery.chargePercent()).isEqualTo(81);
            assertThat(onBattery.runtimeNs()).isEqualTo(Duration.ofSeconds(700).toNanos());
            assertThat(onBattery.loadPercent()).isEqualTo(30);
            assertThat(onBattery.tokens()).isEqualTo("OB DISCHRG");
            assertThat(low.sinceNs()).isGreaterThan(onBattery.sinceNs());
            assertThat(back.replaceBattery()).isTrue();
            assertThat(back.reason()).isEmpty();
        }
    }

    /** The scenario runs by itself here, and is seen in the order in which it is played. */
    @Test
    void shouldFollowAScenarioThatTheDriverPlays() throws Exception
    {
        final String scenario = Stream.of("OL", "OB DISCHRG", "OB LB DISCHRG", "FSD OB LB", "OL CHRG")
            .map(status -> "ups.status: " + status + "\nTIMER 1\n").collect(Collectors.joining());
        final List<UpsState> expected = List.of(UpsState.ONLINE, UpsState.ON_BATTERY, UpsState.LOW,
            UpsState.FORCED_SHUTDOWN, UpsState.ONLINE);
        final Iterator<UpsState> next = expected.iterator();
        final UpsState[] awaited = {next.next()};
        try (TestUpsd upsd = TestUpsd.play(directory, "lab", scenario);
            NutMonitor monitor = watch(upsd.config("lab")))
        {
            // A machine that stands still for a while may miss one, and sees it in the next round.
            Deadline.await("all of it", 2 * PATIENCE_S, () ->
            {
                if (states(monitor).get(0) == awaited[0])
                {
                    awaited[0] = next.hasNext() ? next.next() : null;
                }
                return awaited[0] == null;
            });
        }
    }

    @Test
    void shouldKnowNothingWhileTheDriverIsDeadOrHangs() throws Exception
    {
        try (TestUpsd upsd = TestUpsd.start(directory, "lab"); NutMonitor monitor = watch(upsd.config("lab")))
        {
            upsd.say("lab", "OB DISCHRG", 50, 300);
            await(monitor, UpsState.ON_BATTERY);

            upsd.killDriver("lab");
            final UpsStatus dead = await(monitor, UpsState.UNKNOWN);
            upsd.startDriver("lab");
            await(monitor, UpsState.ON_BATTERY);
            upsd.hangDriver("lab");
            final UpsStatus stale = await(monitor, UpsState.UNKNOWN);
            upsd.resumeDriver("lab");
            await(monitor, UpsState.ON_BATTERY);

            assertThat(dead.reason()).contains("DRIVER-NOT-CONNECTED");
            assertThat(dead.tokens()).isEqualTo("OB DISCHRG");
            assertThat(dead.chargePercent()).isEqualTo(50);
            assertThat(stale.reason()).contains("DATA-STALE");
        }
    }

    @Tag("slow")
    @Test
    void shouldKnowNothingWhileTheServerIsDeadOrHangs() throws Exception
    {
        try (TestUpsd upsd = TestUpsd.start(directory, "lab"); NutMonitor monitor = watch(upsd.config("lab")))
        {
            await(monitor, UpsState.ONLINE);

            upsd.killServer();
            final UpsStatus dead = await(monitor, UpsState.UNKNOWN);
            upsd.startServer();
            await(monitor, UpsState.ONLINE);
            upsd.hangServer();
            final UpsStatus silent = await(monitor, UpsState.UNKNOWN);
            upsd.resumeServer();
            await(monitor, UpsState.ONLINE);

            assertThat(dead.reason()).contains("not heard for more than 2.0 s", "127.0.0.1:" + upsd.port());
            assertThat(dead.sinceNs()).isEqualTo(dead.heardNs() + Duration.ofSeconds(2).toNanos());
            assertThat(silent.reason()).contains("not heard");
        }
    }

    @Tag("slow")
    @Test
    void shouldNotNoticeAServerThatIsRestartedQuickly() throws Exception
    {
        try (TestUpsd upsd = TestUpsd.start(directory, "lab"))
        {
            final UpsConfig patient = new UpsConfig("rack", "localhost", upsd.port(), "lab", 1, Duration.ofMillis(200),
                Duration.ofMinutes(5), Tls.TRY, null);
            try (NutMonitor monitor = watch(patient))
            {
                final UpsStatus before = await(monitor, UpsState.ONLINE);

                upsd.killServer();
                upsd.startServer();
                final long restartedNs = System.nanoTime();

                Deadline.await("heard again", PATIENCE_S, () -> monitor.upses().get(0).heardNs() - restartedNs > 0);
                assertThat(monitor.upses().get(0).state()).isEqualTo(UpsState.ONLINE);
                assertThat(monitor.upses().get(0).sinceNs()).isEqualTo(before.sinceNs());
            }
        }
    }

    @Tag("slow")
    @Test
    void shouldTellSeveralUpsesApart() throws Exception
    {
        try (TestUpsd upsd = TestUpsd.start(directory, "one", "two");
            NutMonitor monitor = watch(upsd.config("one"), upsd.config("two"), upsd.config("three")))
        {
            upsd.say("two", "OB", 90, 900);

            Deadline.await("both", PATIENCE_S, () -> states(monitor).equals(
                List.of(UpsState.ONLINE, UpsState.ON_BATTERY, UpsState.UNKNOWN)));
            Deadline.await("a reason", PATIENCE_S, () -> monitor.upses().get(2).reason().contains("no UPS \"three\""));
            assertThat(monitor.upses()).extracting(UpsStatus::name).containsExactly("one", "two", "three");
        }
    }

    @Tag("slow")
    @Test
    void shouldNotBeCountedAmongThoseWhoseShutdownIsWaitedFor() throws Exception
    {
        TestUpsd.require(Path.of("/usr/bin/upsc"), "nut-client");
        try (TestUpsd upsd = TestUpsd.start(directory, "lab"); NutMonitor monitor = watch(upsd.config("lab")))
        {
            await(monitor, UpsState.ONLINE);

            final String clients = RootTools.run("upsc", "-c", "lab@127.0.0.1:" + upsd.port());

            assertThat(clients.lines().filter(line -> line.contains("127.0.0.1"))).isEmpty();
        }
    }

    @Test
    void shouldSpeakTlsWithIt() throws Exception
    {
        TestUpsd.require(Path.of("/usr/bin/certutil"), "libnss3-tools");
        final TestAuthority authority = new TestAuthority();
        final Path trusted = authority.write(directory.resolve("authority.pem"));
        final Path stranger = new TestAuthority().write(directory.resolve("stranger.pem"));
        try (TestUpsd upsd = TestUpsd.start(directory, List.of("lab"), certified(authority)))
        {
            final int port = upsd.port();
            try (NutMonitor monitor = watch(
                Upses.at("localhost", port, Tls.REQUIRE, trusted), Upses.at("localhost", port, Tls.TRY, null),
                Upses.at("127.0.0.1", port, Tls.REQUIRE, trusted), Upses.at("localhost", port, Tls.TRY, stranger)))
            {
                Deadline.await("the first two", PATIENCE_S, () ->
                    states(monitor).subList(0, 2).equals(List.of(UpsState.ONLINE, UpsState.ONLINE)));
                Deadline.await("reasons", PATIENCE_S, () ->
                    monitor.upses().get(2).reason().contains("TLS failed") &&
                    monitor.upses().get(3).reason().contains("TLS failed"));
            }
        }
    }

    @Tag("slow")
    @Test
    void shouldSayWhatToDoAboutAServerWithoutTls() throws Exception
    {
        try (TestUpsd upsd = TestUpsd.start(directory, "lab"); NutMonitor monitor = watch(
            Upses.at("localhost", upsd.port(), Tls.REQUIRE, null), Upses.at("localhost", upsd.port(), Tls.TRY, null)))
        {
            Deadline.await("the second", PATIENCE_S, () -> states(monitor).get(1) == UpsState.ONLINE);
            Deadline.await("a reason", PATIENCE_S, () ->
                monitor.upses().get(0).reason().contains("FEATURE-NOT-CONFIGURED"));
            assertThat(monitor.upses().get(0).state()).isEqualTo(UpsState.UNKNOWN);
        }
    }

    /** Lines for upsd.conf, as its NSS wants them. */
    private String certified(final TestAuthority authority) throws Exception
    {
        final Path database = Files.createDirectory(directory.resolve("nss"));
        final Path server = authority.writeServer("localhost", directory.resolve("server.p12"));
        RootTools.run("certutil", "-N", "-d", database.toString(), "--empty-password");
        RootTools.run("pk12util", "-i", server.toString(), "-d", database.toString(), "-K", "", "-W",
            TestAuthority.PASSWORD);
        return "CERTPATH " + database + "\nCERTIDENT \"server\" \"\"\nDISABLE_WEAK_SSL true\n";
    }

    private static NutMonitor watch(final UpsConfig... upses)
    {
        return new NutMonitor(List.of(upses), SystemNanoClock.INSTANCE).launch();
    }

    private static List<UpsState> states(final NutMonitor monitor)
    {
        return monitor.upses().stream().map(UpsStatus::state).toList();
    }

    private static UpsStatus await(final NutMonitor monitor, final UpsState state)
    {
        final UpsStatus[] seen = new UpsStatus[1];
        Deadline.await("state " + state, PATIENCE_S, () ->
        {
            seen[0] = monitor.upses().get(0);
            return seen[0].state() == state;
        });
        return seen[0];
    }
}
