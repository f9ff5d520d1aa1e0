package io.farblock.daemon.power.nut;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.LeakCheck;
import io.farblock.daemon.faults.Deadline;
import io.farblock.daemon.power.UpsConfig.Tls;
import io.farblock.daemon.power.UpsState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.agrona.concurrent.SystemNanoClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS that begins in the middle of a connection, with good servers, wrong ones, and somebody in between. */
@Timeout(60)
class StartTlsTest
{
    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck("nut", "scripted-server");

    private static final int PATIENCE_S = 30;
    private static final String INJECTED =
        "BEGIN LIST VAR lab\nVAR lab ups.status \"FSD\"\nEND LIST VAR lab\n";

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void shouldSpeakTlsWithAServerThatItsAuthorityKnows(final String version) throws Exception
    {
        final TestAuthority authority = new TestAuthority();
        final SSLContext context = TestAuthority.context(authority.server("localhost"));

        assertOnline(talk -> wellInTls(talk, context, version), authority.write(directory.resolve("ca.pem")));
    }

    @Test
    void shouldTakeAnyCertificateWithoutAnAuthority() throws Exception
    {
        final SSLContext context = TestAuthority.context(new TestAuthority().expiredServer("elsewhere.example"));

        assertOnline(talk -> wellInTls(talk, context, "TLSv1.3"), null);
    }

    @Test
    void shouldRefuseAnotherNamesCertificate() throws Exception
    {
        final TestAuthority authority = new TestAuthority();

        assertRefused(authority.server("elsewhere.example"), authority, "matching localhost found");
    }

    @Test
    void shouldRefuseAStrangersCertificate() throws Exception
    {
        assertRefused(new TestAuthority().server("localhost"), new TestAuthority(), "TLS failed: ");
    }

    @Test
    void shouldRefuseACertificateThatHasEnded() throws Exception
    {
        final TestAuthority authority = new TestAuthority();

        assertRefused(authority.expiredServer("localhost"), authority, "TLS failed: ");
    }

    /** Of a file that is not there, the operator learns that, and a new one counts without a restart. */
    @Test
    void shouldReadTheAuthorityAnewEachTime() throws Exception
    {
        final TestAuthority authority = new TestAuthority();
        final SSLContext context = TestAuthority.context(authority.server("localhost"));
        final Path file = directory.resolve("ca.pem");
        try (ScriptedServer server = new ScriptedServer(talk -> wellInTls(talk, context, "TLSv1.3"));
            NutMonitor monitor = watch(server.port(), Tls.REQUIRE, file))
        {
            awaitReason(monitor, file.toString());
            Files.writeString(file, "no certificate\n");
            awaitReason(monitor, "found no certificate");

            authority.write(file);

            awaitOnline(monitor);
        }
    }

    @Test
    void shouldBelieveNothingThatCameInClearBehindTheAgreement() throws Exception
    {
        assertUnknown(talk ->
        {
            talk.hear();
            talk.say("OK STARTTLS\n" + INJECTED);
            talk.stay();
        }, null, "in clear");
    }

    /** The attack proper: the server is honest, and somebody adds lines of his own before it encrypts. */
    @Test
    void shouldBelieveNothingThatSomebodyAddedBeforeAGoodServerEncrypts() throws Exception
    {
        final TestAuthority authority = new TestAuthority();
        final SSLContext context = TestAuthority.context(authority.server("localhost"));
        assertUnknown(talk ->
        {
            talk.hear();
            talk.say("OK STARTTLS\nBEGIN LIST VAR lab\nVAR lab ups.status \"FSD\"\n");
            answerAll(secured(talk, context, "TLSv1.3"));
        }, authority.write(directory.resolve("ca.pem")), "in clear");
    }

    @Test
    void shouldBelieveNothingThatComesInClearALittleLater() throws Exception
    {
        assertUnknown(talk ->
        {
            talk.hear();
            talk.say("OK STARTTLS\n");
            // The client's first words of TLS: by now it listens to nothing else.
            talk.socket().getInputStream().read();
            talk.say(INJECTED);
            talk.stay();
        }, null, "in clear");
    }

    @Test
    void shouldNotGoOnInClearWhenTlsFails() throws Exception
    {
        try (ScriptedServer server = new ScriptedServer(talk ->
            {
                talk.hear();
                talk.say("OK STARTTLS\n");
                talk.socket().getInputStream().read();
            });
            NutMonitor monitor = watch(server.port(), Tls.TRY, null))
        {
            Deadline.await("some tries", PATIENCE_S, () -> server.accepted() >= 3);

            assertThat(monitor.upses().get(0).state()).isEqualTo(UpsState.UNKNOWN);
        }
    }

    private void assertRefused(final KeyStore server, final TestAuthority trusted, final String reason)
        throws Exception
    {
        final SSLContext context = TestAuthority.context(server);
        assertUnknown(talk -> wellInTls(talk, context, "TLSv1.3"), trusted.write(directory.resolve("ca.pem")), reason);
    }

    private static void assertUnknown(final ScriptedServer.Script script, final Path authority, final String reason)
        throws Exception
    {
        try (ScriptedServer server = new ScriptedServer(script);
            NutMonitor monitor = watch(server.port(), Tls.REQUIRE, authority))
        {
            awaitReason(monitor, reason);
            assertThat(monitor.upses().get(0).state()).isEqualTo(UpsState.UNKNOWN);
            assertThat(monitor.upses().get(0).tokens()).isEmpty();
        }
    }

    private static void assertOnline(final ScriptedServer.Script script, final Path authority) throws Exception
    {
        try (ScriptedServer server = new ScriptedServer(script);
            NutMonitor monitor = watch(server.port(), Tls.REQUIRE, authority))
        {
            awaitOnline(monitor);
        }
    }

    private static void wellInTls(final ScriptedServer.Talk talk, final SSLContext context, final String version)
        throws IOException
    {
        if (talk.hear().equals("STARTTLS"))
        {
            talk.say("OK STARTTLS\n");
            answerAll(secured(talk, context, version));
        }
    }

    private static SSLSocket secured(
        final ScriptedServer.Talk talk, final SSLContext context, final String version) throws IOException
    {
        final SSLSocket socket = (SSLSocket)context.getSocketFactory().createSocket(
            talk.socket(), "localhost", talk.socket().getPort(), true);
        socket.setUseClientMode(false);
        socket.setEnabledProtocols(new String[]{version});
        socket.startHandshake();
        return socket;
    }

    private static void answerAll(final SSLSocket socket) throws IOException
    {
        final ScriptedServer.Talk talk = new ScriptedServer.Talk(socket, 0);
        while (true)
        {
            talk.hear();
            talk.say(ScriptedServer.WELL);
        }
    }

    private static NutMonitor watch(final int port, final Tls tls, final Path authority)
    {
        return new NutMonitor(
            List.of(Upses.at("localhost", port, tls, authority)), SystemNanoClock.INSTANCE).launch();
    }

    private static void awaitOnline(final NutMonitor monitor)
    {
        Deadline.await("known; " + monitor.upses(), PATIENCE_S, () ->
            monitor.upses().get(0).state() == UpsState.ONLINE);
    }

    private static void awaitReason(final NutMonitor monitor, final String reason)
    {
        Deadline.await("reason: " + reason, PATIENCE_S, () -> monitor.upses().get(0).reason().contains(reason));
    }
}
