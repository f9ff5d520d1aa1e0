package io.farblock.daemon.pairing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farblock.replication.identity.Fingerprint;
import io.farblock.replication.identity.KnownSites;
import io.farblock.replication.identity.pairing.PairingCode;
import io.farblock.replication.identity.pairing.PairingEnd;
import io.farblock.replication.identity.pairing.PairingException;
import io.farblock.replication.identity.pairing.PairingRole;
import io.farblock.replication.identity.pairing.PairingSession;
import io.farblock.replication.identity.pairing.PinBook;
import io.farblock.replication.identity.pairing.SiteCard;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.SystemNanoClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real sockets on loopback; whoever comes before the right site costs it no more than a moment. */
@Timeout(60)
final class PairingOfferTest
{
    private static final SiteCard ALPHA = new SiteCard("alpha", Fingerprint.parse("aa".repeat(32)));
    private static final SiteCard BETA = new SiteCard("beta", Fingerprint.parse("bb".repeat(32)));
    private static final PairingCode CODE = PairingCode.parse("K7QX-M2PD");
    private static final PairingCode OTHER_CODE = PairingCode.parse("K7QX-M2PE");
    private static final long LONG_NS = TimeUnit.SECONDS.toNanos(50);

    @TempDir
    private Path directory;
    private ServerSocket server;
    private final List<String> notices = new CopyOnWriteArrayList<>();

    @BeforeEach
    void listen() throws IOException
    {
        server = new ServerSocket(0, 4, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws IOException
    {
        server.close();
    }

    @Test
    void shouldPairOverASocket() throws Exception
    {
        final CompletableFuture<PairingOffer.Outcome> offer = offer(LONG_NS, LONG_NS);

        final PairingSession join = join(CODE);

        assertThat(join.end()).isEqualTo(PairingEnd.PAIRED);
        final PairingOffer.Outcome outcome = offer.get();
        assertThat(outcome.fate()).isEqualTo(PairingOffer.Fate.SPENT);
        assertThat(outcome.session().end()).isEqualTo(PairingEnd.PAIRED);
        assertThat(pins("offer").fingerprints("beta")).containsExactly(BETA.fingerprint());
        assertThat(pins("join").fingerprints("alpha")).containsExactly(ALPHA.fingerprint());
        assertThat(notices).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GET / HTTP/1.1\r\n\r\n", "FP\u0001\u0001\u007f\u007f", "FP\u0002\u0001\u0006\u0061",
        "FP\u0001\u0003\u0000\u0020abcdefghabcdefghabcdefghabcdefgh"})
    void shouldPairAfterSomebodyWhoSaysNonsense(final String nonsense) throws Exception
    {
        final CompletableFuture<PairingOffer.Outcome> offer = offer(LONG_NS, LONG_NS);
        try (Socket socket = new Socket(server.getInetAddress(), server.getLocalPort()))
        {
            socket.getOutputStream().write(nonsense.getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            assertThat(socket.getInputStream().readAllBytes()).as("no answer to learn from").isEmpty();
        }
        catch (final IOException reset)
        {
            assertThat(reset).hasMessageContaining("reset");
        }

        assertThat(join(CODE).end()).isEqualTo(PairingEnd.PAIRED);
        assertThat(offer.get().fate()).isEqualTo(PairingOffer.Fate.SPENT);
        assertThat(notices).isEmpty();
    }

    @Test
    void shouldPairAfterSomebodyWhoIsSilent() throws Exception
    {
        final CompletableFuture<PairingOffer.Outcome> offer = offer(LONG_NS, TimeUnit.SECONDS.toNanos(2));
        try (Socket silent = new Socket(server.getInetAddress(), server.getLocalPort()))
        {
            assertThat(join(CODE).end()).isEqualTo(PairingEnd.PAIRED);
            assertThat(silent.getInputStream().read()).isEqualTo(-1);
        }
        assertThat(offer.get().fate()).isEqualTo(PairingOffer.Fate.SPENT);
    }

    @Test
    void shouldNotLetSlowBytesProlongAConnection() throws Exception
    {
        final CompletableFuture<PairingOffer.Outcome> offer = offer(LONG_NS, TimeUnit.SECONDS.toNanos(2));
        final byte[] start = {'F', 'P', 1, 1, 6, 0x61};
        final long beganNs = System.nanoTime();
        try (Socket slow = new Socket(server.getInetAddress(), server.getLocalPort()))
        {
            final OutputStream out = slow.getOutputStream();
            slow.setSoTimeout(20);
            assertThatThrownBy(() ->
            {
                for (int i = 0; System.nanoTime() - beganNs < LONG_NS; i++)
                {
                    out.write(i < start.length ? start[i] : 0);
                    if (isOver(slow))
                    {
                        throw new IOException("it hung up");
                    }
                }
            }).isInstanceOf(IOException.class);
        }

        assertThat(System.nanoTime() - beganNs).isLessThan(TimeUnit.SECONDS.toNanos(20));
        assertThat(join(CODE).end()).isEqualTo(PairingEnd.PAIRED);
        assertThat(offer.get().fate()).isEqualTo(PairingOffer.Fate.SPENT);
    }

    @Test
    void shouldMakeTheCodeVoidAfterThreeWrongOnes() throws Exception
    {
        final CompletableFuture<PairingOffer.Outcome> offer = offer(LONG_NS, LONG_NS);

        for (int i = 0; i < 3; i++)
        {
            assertThat(join(OTHER_CODE).end()).isEqualTo(PairingEnd.WRONG_CODE);
        }

        assertThat(offer.get().fate()).isEqualTo(PairingOffer.Fate.VOID);
        assertThat(notices).hasSize(3).last().asString().contains("127.0.0.1", "calls itself beta", "(3 of 3)");
        assertThat(pins("offer").fingerprints("beta")).isEmpty();
        assertThat(pins("join").fingerprints("alpha")).isEmpty();
    }

    @Test
    void shouldForgiveTwoWrongCodes() throws Exception
    {
        final CompletableFuture<PairingOffer.Outcome> offer = offer(LONG_NS, LONG_NS);

        join(OTHER_CODE);
        join(OTHER_CODE);

        assertThat(join(CODE).end()).isEqualTo(PairingEnd.PAIRED);
        assertThat(offer.get().session().end()).isEqualTo(PairingEnd.PAIRED);
    }

    @Test
    void shouldNotWaitLongerThanItShould() throws Exception
    {
        assertThat(offer(TimeUnit.MILLISECONDS.toNanos(50), LONG_NS).get().fate()).isEqualTo(PairingOffer.Fate.LATE);
    }

    @Test
    void shouldNotWaitForAnOfferThatIsSilent() throws Exception
    {
        final PairingSession session = session(PairingRole.JOIN, CODE, BETA, "join");
        final PairingJoin join = new PairingJoin(SystemNanoClock.INSTANCE, TimeUnit.MILLISECONDS.toNanos(100));

        try (Socket socket = join.connect(address()))
        {
            assertThatThrownBy(() -> join.talk(socket, session)).isInstanceOf(IOException.class);
        }

        assertThat(session.end()).isNull();
    }

    private CompletableFuture<PairingOffer.Outcome> offer(final long limitNs, final long connectionNs)
    {
        final PairingOffer offer = new PairingOffer(server, () -> session(PairingRole.OFFER, CODE, ALPHA, "offer"),
            SystemNanoClock.INSTANCE, notices::add, connectionNs);
        return CompletableFuture.supplyAsync(() ->
        {
            try
            {
                return offer.await(limitNs);
            }
            catch (final IOException ex)
            {
                throw new AssertionError(ex);
            }
        });
    }

    private PairingSession join(final PairingCode code) throws IOException, PairingException
    {
        final PairingSession session = session(PairingRole.JOIN, code, BETA, "join");
        final PairingJoin join = new PairingJoin(SystemNanoClock.INSTANCE);
        try (Socket socket = join.connect(address()))
        {
            join.talk(socket, session);
        }
        return session;
    }

    private InetSocketAddress address()
    {
        return new InetSocketAddress(server.getInetAddress(), server.getLocalPort());
    }

    private PairingSession session(final PairingRole role, final PairingCode code, final SiteCard self,
        final String side)
    {
        return new PairingSession(role, code, self, PinBook.in(pins(side), null, false), new SecureRandom());
    }

    private KnownSites pins(final String side)
    {
        return new KnownSites(directory.resolve(side));
    }

    private static boolean isOver(final Socket socket) throws IOException
    {
        try
        {
            return socket.getInputStream().read() < 0;
        }
        catch (final SocketTimeoutException open)
        {
            return false;
        }
    }
}
