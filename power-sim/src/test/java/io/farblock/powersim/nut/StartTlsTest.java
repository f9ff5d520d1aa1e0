package io.farblock.powersim.nut;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.farblock.blockdev.LeakCheck;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.agrona.concurrent.SystemNanoClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The line is encrypted in the middle of a conversation; nothing said in clear is taken for what came encrypted. */
class StartTlsTest
{
    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck("ups-");

    private static final Path OPENSSL = Path.of("/usr/bin/openssl");
    private static final int PATIENCE_MS = 30_000;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"-newkey rsa:2048", "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1"})
    void shouldGoOnEncrypted(final String kindOfKey) throws Exception
    {
        final Path pem = identity(kindOfKey);
        try (NutServer server = serve(pem); Socket plain = connect(server))
        {
            assertThat(say(plain, "STARTTLS")).isEqualTo("OK STARTTLS");
            final SSLSocket encrypted = (SSLSocket)trusting(pem).getSocketFactory()
                .createSocket(plain, "localhost", plain.getPort(), true);
            encrypted.startHandshake();

            assertThat(say(encrypted, "GET VAR ups ups.status")).isEqualTo("VAR ups ups.status \"OL\"");
            assertThat(say(encrypted, "STARTTLS")).isEqualTo("ERR ALREADY-SSL-MODE");
        }
    }

    @Test
    void shouldTakeNothingInClearForEncrypted() throws Exception
    {
        try (NutServer server = serve(identity("-newkey rsa:2048")); Socket plain = connect(server))
        {
            plain.getOutputStream().write(
                "STARTTLS\nUSERNAME boss\nPASSWORD pw\n".getBytes(StandardCharsets.US_ASCII));

            final BufferedReader lines = reader(plain);
            assertThat(lines.readLine()).isEqualTo("OK STARTTLS");
            String next = "";
            try
            {
                while (next != null)
                {
                    next = lines.readLine();
                    // an alert in bytes, and no answer
                    assertThat(String.valueOf(next)).isNotEqualTo("OK");
                }
            }
            catch (final IOException reset)
            {
                // that is the other way to hang up
            }
            try (Socket other = connect(server))
            {
                assertThat(say(other, "NETVER")).isEqualTo("1.3");
            }
        }
    }

    @Test
    void shouldSayWhatIsWrongWithAPem() throws Exception
    {
        final String certificate = Files.readString(identity("-newkey rsa:2048"));
        final Path file = directory.resolve("bad.pem");

        Files.writeString(file, certificate.replaceAll("(?s)-----BEGIN PRIVATE KEY.*END PRIVATE KEY-----", ""));
        assertThatThrownBy(() -> PemIdentity.read(file)).isInstanceOf(IOException.class)
            .hasMessageContaining("no certificate with an unencrypted key, expected PEM");
        Files.writeString(file, certificate.replaceAll("KEY-----\nM...", "KEY-----\nMAAA"));
        assertThatThrownBy(() -> PemIdentity.read(file)).isInstanceOf(IOException.class)
            .hasMessageContaining("a certificate or key that cannot be used");
    }

    private Path identity(final String kindOfKey) throws Exception
    {
        assumeTrue(Files.isExecutable(OPENSSL), "needs openssl of the package openssl");
        final Path pem = directory.resolve("ups.pem");
        final Process making = new ProcessBuilder("sh", "-c", OPENSSL +
            " req -x509 -nodes -days 2 -subj /CN=localhost " + kindOfKey + " -keyout - -out - > " + pem)
            .redirectErrorStream(true).start();
        assertThat(making.waitFor()).isZero();
        return pem;
    }

    private static NutServer serve(final Path pem) throws IOException
    {
        final NutServer server = new NutServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            new FakeSource(), List.of(new NutUser("boss", "pw", NutUser.Role.PRIMARY, true)), PemIdentity.read(pem),
            NutLimits.typical(), SystemNanoClock.INSTANCE);
        server.listen();
        return server;
    }

    private static Socket connect(final NutServer server) throws IOException
    {
        final Socket socket = new Socket();
        socket.connect(server.address(), PATIENCE_MS);
        socket.setSoTimeout(PATIENCE_MS);
        return socket;
    }

    private static String say(final Socket socket, final String line) throws IOException
    {
        socket.getOutputStream().write((line + '\n').getBytes(StandardCharsets.US_ASCII));
        return reader(socket).readLine();
    }

    private static BufferedReader reader(final Socket socket) throws IOException
    {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
    }

    /** A client that trusts this certificate and no other. */
    private static SSLContext trusting(final Path pem) throws Exception
    {
        final KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        final String text = Files.readString(pem);
        final byte[] certificate =
            text.substring(text.indexOf("-----BEGIN CERTIFICATE")).getBytes(StandardCharsets.US_ASCII);
        store.setCertificateEntry("ups", CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(certificate)));
        final TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        final TrustManager[] managers = trust.getTrustManagers();
        final SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers, null);
        return context;
    }
}
