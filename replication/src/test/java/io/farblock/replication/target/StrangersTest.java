package io.farblock.replication.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.linux.Images;
import io.farblock.replication.LinuxStorage;
import io.farblock.replication.TwoSites;
import io.farblock.replication.identity.Fingerprint;
import io.farblock.replication.identity.SiteIdentity;
import io.farblock.replication.identity.SiteTrust;
import io.farblock.replication.identity.TestIdentities;
import io.farblock.replication.paths.Refusal;
import io.farblock.replication.paths.tls.TlsSecurity;
import io.farblock.replication.status.EpochResult;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.SystemEpochClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whoever is not who he should be is refused, counted by kind, and named; the honest source goes on meanwhile. */
@Timeout(60)
class StrangersTest
{
    /** What the source's sessions are called here: {@link TwoSites#launchSource(io.farblock.replication.Storage)}. */
    private static final long SESSION = 42;

    private final SiteIdentity alpha = TestIdentities.of("alpha");
    private final SiteIdentity alphaToo = TestIdentities.of("alpha");
    private final SiteIdentity alphaOfYore = TestIdentities.expired("alpha");
    private final SiteIdentity beta = TestIdentities.of("beta");
    private final SiteIdentity gamma = TestIdentities.of("gamma");

    @TempDir
    private Path directory;
    private TwoSites sites;
    private InetSocketAddress door;

    @BeforeEach
    void replicate() throws Exception
    {
        sites = new TwoSites(
            directory,
            new TlsSecurity(alpha, trust(Map.of("beta", Set.of(beta.fingerprint())))),
            new TlsSecurity(beta, trust(Map.of(
                "alpha", Set.of(alpha.fingerprint(), alphaToo.fingerprint(), alphaOfYore.fingerprint()),
                "gamma", Set.of(gamma.fingerprint())))));
        Images.mixed(sites.sourceImage, 4 << 20, new Random(5));
        sites.launchTarget();
        sites.launchSource(new LinuxStorage());
        door = sites.targetConfig().listen().get(0);
        seal();
    }

    @AfterEach
    void stop()
    {
        sites.close();
    }

    @Test
    void shouldRefuseWhoHasNoCertificate() throws Exception
    {
        final String seen = visit(null, "TLSv1.3");

        assertThat(seen).contains("certificate_required");
        refused(Refusal.NO_CERTIFICATE, "no certificate");
    }

    @Test
    void shouldRefuseACertificateThatIsNotPinnedAndNameIt() throws Exception
    {
        final SiteIdentity mallory = TestIdentities.of("alpha\nforged");

        visit(mallory, "TLSv1.3");

        refused(Refusal.UNKNOWN_CERTIFICATE, mallory.fingerprint().text(), "CN=alpha?forged", "not known as alpha or");
    }

    @Test
    void shouldRefuseAPinnedCertificateThatHasExpired() throws Exception
    {
        visit(alphaOfYore, "TLSv1.3");

        refused(Refusal.CERTIFICATE_DATE, alphaOfYore.fingerprint().text(), "to 2021-01-01T00:00:00Z");
    }

    @Test
    void shouldRefuseAnOlderTls() throws Exception
    {
        final String seen = visit(alpha, "TLSv1.2");

        assertThat(seen).contains("protocol_version");
        refused(Refusal.TLS_VERSION, "older than 1.3");
    }

    @Test
    void shouldRefusePlainBytes() throws Exception
    {
        for (final String words : List.of("GET / HTTP/1.1\r\n\r\n", "\u0016\u0016\u0016\u0016\u0016\u0016\u0016"))
        {
            try (Socket plain = new Socket(door.getAddress(), door.getPort()))
            {
                plain.getOutputStream().write(words.getBytes(StandardCharsets.US_ASCII));

                assertThat(plain.getInputStream().readAllBytes().length).isLessThan(64);
            }
            refused(Refusal.NOT_TLS, "not TLS");
        }
    }

    @Test
    void shouldRefuseAKnownSiteThatSpeaksForAnother() throws Exception
    {
        try (TlsStranger thief = new TlsStranger(door, gamma, "TLSv1.3"))
        {
            thief.hello("alpha", SESSION);

            assertThat(thief.awaitRefusal()).contains("may not speak for site \"alpha\"");
        }
        refused(Refusal.IDENTITY, gamma.fingerprint().text(), "of gamma may not speak for site \"alpha\"");
    }

    @Test
    void shouldRefuseTheSessionOfAnotherCertificateEvenOfTheSameSite() throws Exception
    {
        try (TlsStranger thief = new TlsStranger(door, alphaToo, "TLSv1.3"))
        {
            thief.hello("alpha", SESSION);

            assertThat(thief.awaitRefusal()).contains("session of another");
        }
        refused(Refusal.SESSION, alphaToo.fingerprint().text(), "session of another");
    }

    @Test
    void shouldRefuseASecondSessionWhileOneLives() throws Exception
    {
        try (TlsStranger second = new TlsStranger(door, alphaToo, "TLSv1.3"))
        {
            second.hello("alpha", SESSION + 1);

            assertThat(second.awaitRefusal()).contains("another session of site alpha");
        }
        refused(Refusal.SITE, "another session of site alpha");
    }

    @Test
    void shouldRefuseAKnownSiteThatItKeepsNothingFor() throws Exception
    {
        try (TlsStranger second = new TlsStranger(door, gamma, "TLSv1.3"))
        {
            second.hello("gamma", 1);

            assertThat(second.awaitRefusal()).contains("\"gamma\" is not one that this site keeps replicas for");
        }
        refused(Refusal.SITE, "gamma");
    }

    @Test
    void shouldNotWaitLongForWhoSaysNothing() throws Exception
    {
        try (Socket silent = new Socket(door.getAddress(), door.getPort());
            TlsStranger shy = new TlsStranger(door, alpha, "TLSv1.3"))
        {
            assertThat(shy.shakeHandsAndRead()).isEqualTo("closed");
            assertThat(silent.getInputStream().read()).isEqualTo(-1);
        }
        until(() -> sites.target.status().refusals().getOrDefault("slow", 0L) == 2);
        seal();
    }

    private String visit(final SiteIdentity identity, final String protocol) throws Exception
    {
        try (TlsStranger stranger = new TlsStranger(door, identity, protocol))
        {
            return stranger.shakeHandsAndRead();
        }
    }

    private void refused(final Refusal kind, final String... words) throws Exception
    {
        until(() -> sites.target.status().refusals().containsKey(kind.text()));
        assertThat(sites.target.status().refusals()).containsOnlyKeys(kind.text());
        assertThat(sites.target.status().lastRefusal()).contains(words).contains("127.0.0.1");
        seal();
    }

    private void seal() throws Exception
    {
        Images.change(sites.sourceImage, 3, 1000, new Random(System.nanoTime()));
        final EpochResult result = sites.source.epochNow(TwoSites.GROUP).get(30, TimeUnit.SECONDS);
        assertThat(result.sealed()).as(result.reason()).isTrue();
        assertThat(Images.mismatch(sites.sourceImage, sites.replicaImage)).isEqualTo(-1);
    }

    private static SiteTrust trust(final Map<String, Set<Fingerprint>> pins)
    {
        return new SiteTrust(pins, List.of(), SystemEpochClock.INSTANCE);
    }

    private static void until(final BooleanSupplier condition)
    {
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean())
        {
            assertThat(System.nanoTime()).isLessThan(deadlineNs);
            Thread.onSpinWait();
        }
    }
}
