package io.farblock.daemon.power.nut;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.LeakCheck;
import io.farblock.daemon.faults.Deadline;
import io.farblock.daemon.power.UpsConfig;
import io.farblock.daemon.power.UpsState;
import io.farblock.daemon.power.UpsStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.agrona.concurrent.SystemNanoClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Servers that are none, or bad ones, over real sockets: the UPS is unknown, with a reason, and comes back. */
@Timeout(60)
class HostileServerTest
{
    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck("nut", "scripted-server");

    private static final int PATIENCE_S = 30;

    private long socketsBefore;

    /** The first of its sockets that a JVM closes leaves it one for good, which is not the monitor's. */
    @BeforeAll
    static void openWhatTheJvmKeeps() throws Exception
    {
        try (ScriptedServer server = new ScriptedServer(HostileServerTest::well);
            NutMonitor monitor = watch(Upses.at(server.port())))
        {
            Deadline.await("known", PATIENCE_S, () -> monitor.upses().get(0).state() == UpsState.ONLINE);
        }
    }

    @BeforeEach
    void countSockets() throws Exception
    {
        socketsBefore = sockets();
    }

    @AfterEach
    void shouldLeaveNoSocketBehind()
    {
        Deadline.await("sockets closed", PATIENCE_S, () -> sockets() <= socketsBefore);
    }

    @Test
    void shouldNotTakeALineWithoutEnd() throws Exception
    {
        onceThenWell(talk ->
        {
            talk.say("VAR lab ups.status \"");
            while (true)
            {
                talk.say("OB LB ".repeat(1000));
            }
        }, "4096 bytes");
    }

    @Test
    void shouldNotTakeBytesThatAreNoText() throws Exception
    {
        final long seed = System.nanoTime();
        System.out.println("nut garbage seed=" + seed);
        final Random random = new Random(seed);
        onceThenWell(talk ->
        {
            talk.hear();
            final byte[] garbage = new byte[20_000];
            random.nextBytes(garbage);
            garbage[0] = 0;
            talk.say(garbage);
        }, "no line of text");
    }

    @Test
    void shouldNotReadAListWithoutEnd() throws Exception
    {
        final AtomicBoolean askedOneByOne = new AtomicBoolean();
        onceThen(talk ->
        {
            talk.hear();
            talk.say("BEGIN LIST VAR lab\n");
            while (true)
            {
                talk.say("VAR lab ups.status \"FSD\"\n".repeat(100));
            }
        }, "does not end", talk ->
        {
            while (true)
            {
                final String question = talk.hear();
                askedOneByOne.set(question.startsWith("GET VAR lab "));
                talk.say(question.endsWith("ups.status") ? "VAR lab ups.status \"OL\"\n" : "ERR VAR-NOT-SUPPORTED\n");
            }
        });
        assertThat(askedOneByOne).isTrue();
    }

    @Test
    void shouldNotWaitForAServerThatHangsInTheMiddleOfALine() throws Exception
    {
        onceThenWell(talk ->
        {
            talk.hear();
            talk.say("BEGIN LIST VAR lab\nVAR lab ups.status \"FSD");
            talk.stay();
        }, "no whole answer within 5 s");
    }

    @Tag("slow")
    @Test
    void shouldNotBeHeldByOneThatSendsAByteNowAndThen() throws Exception
    {
        onceThenWell(talk ->
        {
            talk.hear();
            talk.say("BEGIN LIST VAR lab\n");
            while (true)
            {
                talk.say("VAR lab x \"y\"\n");
                Deadline.pass(100);
            }
        }, "no whole answer within 5 s");
    }

    @Test
    void shouldNotBelieveWhatItDidNotAskFor() throws Exception
    {
        onceThenWell(talk ->
        {
            talk.hear();
            talk.say("BEGIN LIST VAR lab\nEND LIST VAR lab\nVAR lab ups.status \"FSD\"\n");
            talk.stay();
        }, "not asked");
    }

    @Test
    void shouldGiveUpOnAnotherProtocol() throws Exception
    {
        onceThenWell(talk -> talk.say("220 mail.example ESMTP\r\n"), "is that a NUT server?");
    }

    @Test
    void shouldSurviveAServerThatClosesAtEachQuestion() throws Exception
    {
        try (ScriptedServer server = new ScriptedServer(ScriptedServer.Talk::hear);
            NutMonitor monitor = watch(Upses.at(server.port())))
        {
            Deadline.await("some tries", PATIENCE_S, () -> server.accepted() >= 3);

            assertThat(monitor.upses().get(0).state()).isEqualTo(UpsState.UNKNOWN);
            assertThat(monitor.upses().get(0).reason()).contains("closed the connection");
        }
    }

    @Test
    void shouldSayThatNobodyListens() throws Exception
    {
        final int port;
        try (ScriptedServer server = new ScriptedServer(talk -> { }))
        {
            port = server.port();
        }
        try (NutMonitor monitor = watch(Upses.at(port)))
        {
            awaitReason(monitor, "Connection refused");
            assertThat(monitor.upses().get(0).reason()).contains("127.0.0.1:" + port);
        }
    }

    @Tag("slow")
    @Test
    void shouldNotLetNameServersHoldUpTheOthers() throws Exception
    {
        final CountDownLatch answered = new CountDownLatch(1);
        try (ScriptedServer server = new ScriptedServer(HostileServerTest::well);
            NutMonitor monitor = new NutMonitor(List.of(
                Upses.at("slow.example", server.port(), UpsConfig.Tls.OFF, null), Upses.at(server.port())),
                SystemNanoClock.INSTANCE, host -> lookUp(host, answered)).launch())
        {
            Deadline.await("the other", PATIENCE_S, () -> monitor.upses().get(1).state() == UpsState.ONLINE);
            Deadline.await("a reason", PATIENCE_S, () -> monitor.upses().get(0).reason().contains("name servers"));

            answered.countDown();

            Deadline.await("it", PATIENCE_S, () -> monitor.upses().get(0).state() == UpsState.ONLINE);
        }
        finally
        {
            answered.countDown();
        }
    }

    @Test
    void shouldTryEachAddressOfAName() throws Exception
    {
        try (ScriptedServer server = new ScriptedServer(HostileServerTest::well);
            NutMonitor monitor = new NutMonitor(
                List.of(Upses.at("two.example", server.port(), UpsConfig.Tls.OFF, null)), SystemNanoClock.INSTANCE,
                host -> new InetAddress[]{InetAddress.getByName("127.0.0.99"), InetAddress.getByName("127.0.0.1")})
                .launch())
        {
            Deadline.await("the second", PATIENCE_S, () -> monitor.upses().get(0).state() == UpsState.ONLINE);
        }
    }

    @Test
    void shouldSayThatANameIsNotKnown() throws Exception
    {
        try (NutMonitor monitor = new NutMonitor(
            List.of(Upses.at("no.example", 3493, UpsConfig.Tls.OFF, null)), SystemNanoClock.INSTANCE, host ->
            {
                throw new UnknownHostException(host);
            }).launch())
        {
            awaitReason(monitor, "no address is known for that name: no.example");
        }
    }

    @Test
    void shouldSurviveWhateverIsSentOnManyConnections() throws Exception
    {
        final long seed = System.nanoTime();
        System.out.println("nut hostile seed=" + seed);
        try (ScriptedServer server = new ScriptedServer(talk ->
            {
                final Random random = new Random(seed + talk.number());
                for (int i = random.nextInt(20); i > 0; i--)
                {
                    talk.say(HostileLines.next(random) + (random.nextInt(5) == 0 ? "" : "\n"));
                }
                if (random.nextBoolean())
                {
                    talk.socket().setSoLinger(true, 0);
                }
            }))
        {
            final List<UpsConfig> many =
                IntStream.range(0, 40).mapToObj(i -> Upses.named("rack" + i, server.port())).toList();
            try (NutMonitor monitor = watch(many.toArray(new UpsConfig[0])))
            {
                Deadline.await("some hundred connections", PATIENCE_S, () -> server.accepted() >= 160);

                assertThat(monitor.upses()).hasSize(40);
            }
        }
    }

    @Test
    void shouldBeUnknownBeforeTheLaunchAndAfterTheClose() throws Exception
    {
        try (ScriptedServer server = new ScriptedServer(HostileServerTest::well))
        {
            final NutMonitor monitor = new NutMonitor(List.of(Upses.at(server.port())), SystemNanoClock.INSTANCE);
            assertThat(monitor.upses()).extracting(UpsStatus::state).containsExactly(UpsState.UNKNOWN);
            monitor.launch();
            Deadline.await("known", PATIENCE_S, () -> monitor.upses().get(0).state() == UpsState.ONLINE);

            monitor.close();
            monitor.close();

            assertThat(monitor.upses().get(0).state()).isEqualTo(UpsState.UNKNOWN);
            assertThat(monitor.upses().get(0).reason()).contains("not watched");
            assertThat(monitor.upses().get(0).tokens()).isEqualTo("OL");
        }
    }

    private static InetAddress[] lookUp(final String host, final CountDownLatch answered) throws UnknownHostException
    {
        try
        {
            if (host.equals("slow.example") && !answered.await(PATIENCE_S, TimeUnit.SECONDS))
            {
                throw new UnknownHostException(host);
            }
        }
        catch (final InterruptedException ex)
        {
            throw new UnknownHostException("interrupted");
        }
        return new InetAddress[]{InetAddress.getByName("127.0.0.1")};
    }

    private static void onceThenWell(final ScriptedServer.Script first, final String reason) throws Exception
    {
        onceThen(first, reason, HostileServerTest::well);
    }

    /** What is wrong with the first connection is said, and the second one is believed. */
    private static void onceThen(
        final ScriptedServer.Script first, final String reason, final ScriptedServer.Script second) throws Exception
    {
        final CountDownLatch seen = new CountDownLatch(1);
        try (ScriptedServer server = new ScriptedServer(talk ->
            {
                if (talk.number() == 1)
                {
                    first.run(talk);
                }
                else if (seen.await(PATIENCE_S, TimeUnit.SECONDS))
                {
                    second.run(talk);
                }
            }))
        {
            try (NutMonitor monitor = watch(Upses.at(server.port())))
            {
                awaitReason(monitor, reason);
                assertThat(monitor.upses().get(0).state()).isEqualTo(UpsState.UNKNOWN);
                seen.countDown();
                Deadline.await("known", PATIENCE_S, () -> monitor.upses().get(0).state() == UpsState.ONLINE);
            }
        }
    }

    private static void awaitReason(final NutMonitor monitor, final String reason)
    {
        Deadline.await("reason: " + reason, PATIENCE_S, () -> monitor.upses().get(0).reason().contains(reason));
    }

    private static void well(final ScriptedServer.Talk talk) throws Exception
    {
        while (true)
        {
            talk.hear();
            talk.say(ScriptedServer.WELL);
        }
    }

    private static NutMonitor watch(final UpsConfig... upses)
    {
        return new NutMonitor(List.of(upses), SystemNanoClock.INSTANCE).launch();
    }

    private static long sockets() throws Exception
    {
        long count = 0;
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd")))
        {
            for (final Path descriptor : descriptors)
            {
                count += isSocket(descriptor) ? 1 : 0;
            }
        }
        return count;
    }

    private static boolean isSocket(final Path descriptor)
    {
        try
        {
            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
        }
        catch (final IOException ex)
        {
            // closed since it was listed
            return false;
        }
    }
}
