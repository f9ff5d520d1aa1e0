package io.farblock.replication.paths.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.linux.Images;
import io.farblock.replication.TlsPair;
import io.farblock.replication.TwoSites;
import io.farblock.replication.identity.SiteIdentity;
import io.farblock.replication.identity.SiteTrust;
import io.farblock.replication.identity.TestIdentities;
import io.farblock.replication.paths.PathSecurity;
import io.farblock.replication.status.EpochResult;
import io.farblock.replication.status.SourceStatus.PathStatus;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;
import java.nio.file.Path;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two sites that know each other in all the ways there are, or no longer do. */
@Timeout(60)
class TlsPathsTest
{
    @TempDir
    private Path directory;
    private TwoSites sites;

    @BeforeEach
    void knowTheFasterLibrary()
    {
        assertThat(OpenSsl.isAvailable()).as("BoringSSL can be loaded: %s", OpenSsl.unavailabilityCause()).isTrue();
    }

    @AfterEach
    void stop()
    {
        sites.close();
    }

    @ParameterizedTest
    @CsvSource({
        "OPENSSL, EC, OPENSSL, EC",
        "JDK, EC, OPENSSL, EC",
        "OPENSSL, EC, JDK, EC",
        "JDK, EC, JDK, EC",
        "OPENSSL, RSA, OPENSSL, EC",
        "OPENSSL, Ed25519, OPENSSL, Ed25519",
    })
    void shouldReplicateWithEitherLibraryAndEachKindOfKey(
        final SslProvider ofAlpha, final String keyOfAlpha, final SslProvider ofBeta, final String keyOfBeta)
        throws Exception
    {
        final SiteIdentity alpha = TestIdentities.of("alpha", keyOfAlpha);
        final SiteIdentity beta = TestIdentities.of("beta", keyOfBeta);

        launch(
            new TlsSecurity(alpha, TlsPair.pinned("beta", beta.fingerprint()), ofAlpha),
            new TlsSecurity(beta, TlsPair.pinned("alpha", alpha.fingerprint()), ofBeta));

        seal();
        assertThat(path().encrypted()).isTrue();
    }

    @Test
    void shouldSayWhatToDoWhenOnlyOneSideHasAnEd25519Key() throws Exception
    {
        final TlsPair pair = new TlsPair(TestIdentities.of("alpha", "Ed25519"), TestIdentities.of("beta"));

        launch(pair.ofAlpha(), pair.ofBeta());

        until(() -> sites.target.status().refusals().containsKey("no-certificate"));
        assertThat(sites.target.status().lastRefusal()).contains("Ed25519 wants it on both sides");
        until(() -> path().reason().contains("certificate_required"));
    }

    @Test
    void shouldTakeAnAuthoritysWordForTheSiteThatItNames() throws Exception
    {
        final SiteIdentity authority = TestIdentities.authority("our authority");

        launch(
            new TlsSecurity(TestIdentities.issued(authority, "alpha"), word(authority, "beta")),
            new TlsSecurity(TestIdentities.issued(authority, "beta"), word(authority, "alpha")));

        seal();
    }

    @Test
    void shouldNotTakeTheTargetForAnotherSiteOfTheAuthority() throws Exception
    {
        final SiteIdentity authority = TestIdentities.authority("our authority");

        launch(
            new TlsSecurity(TestIdentities.issued(authority, "alpha"), word(authority, "beta")),
            new TlsSecurity(TestIdentities.issued(authority, "gamma"), word(authority, "alpha")));

        until(() -> path().reason().contains("(CN=gamma) is not known as beta, whose name it does not carry"));
        until(() -> sites.target.status().refusals().containsKey("handshake"));
    }

    @Test
    void shouldNotTakeAnotherAuthoritysWord() throws Exception
    {
        final SiteIdentity authority = TestIdentities.authority("our authority");
        final SiteIdentity other = TestIdentities.authority("our authority");

        launch(
            new TlsSecurity(TestIdentities.issued(other, "alpha"), word(authority, "beta")),
            new TlsSecurity(TestIdentities.issued(authority, "beta"), word(authority, "alpha")));

        until(() -> sites.target.status().refusals().containsKey("unknown-certificate"));
        assertThat(sites.target.status().lastRefusal()).contains("nor issued by the authority");
    }

    @Test
    void shouldNotTakeWhatAnAuthorityIssuedForAnotherTime() throws Exception
    {
        final SiteIdentity authority = TestIdentities.authority("our authority");

        launch(
            new TlsSecurity(TestIdentities.issuedAndExpired(authority, "alpha"), word(authority, "beta")),
            new TlsSecurity(TestIdentities.issued(authority, "beta"), word(authority, "alpha")));

        until(() -> sites.target.status().refusals().containsKey("certificate-date"));
    }

    @Test
    void shouldSayAtTheSourceThatItsCertificateIsRefused() throws Exception
    {
        final TlsPair pair = new TlsPair();

        launch(pair.ofAlpha(), new TlsSecurity(pair.beta, TlsPair.pinned("alpha", pair.beta.fingerprint())));

        until(() -> path().reason().contains("refused this site's certificate " + pair.alpha.fingerprint()));
    }

    @Test
    void shouldSayAtTheSourceThatTheTargetIsAnother() throws Exception
    {
        final TlsPair pair = new TlsPair();

        launch(new TlsSecurity(pair.alpha, TlsPair.pinned("beta", pair.alpha.fingerprint())), pair.ofBeta());

        until(() -> path().reason().contains(pair.beta.fingerprint() + " (CN=beta) is not known as beta; if it is,"));
        assertThat(sites.source.status().paths()).noneMatch(path -> path.state().equals("up"));
    }

    @Test
    void shouldSayWhatToDoWhenNothingIsPinned() throws Exception
    {
        final TlsPair pair = new TlsPair();

        launch(new TlsSecurity(pair.alpha, TlsPair.pinned("beta")), pair.ofBeta());

        until(() -> path().reason().contains("no certificate of beta is known: farblock pair, or fingerprints"));
        assertThat(sites.target.status().refusals()).isEmpty();
    }

    @Test
    void shouldSayAtBothEndsThatOneSideDoesNotSpeakTls() throws Exception
    {
        launch(PathSecurity.PLAINTEXT, new TlsPair().ofBeta());

        until(() -> sites.target.status().refusals().containsKey("not-tls"));
        assertThat(path().encrypted()).isFalse();
    }

    @Test
    void shouldCloseLiveConnectionsOfACertificateThatIsNoLongerPinned() throws Exception
    {
        final TlsPair pair = new TlsPair();
        final TlsSecurity ofBeta = pair.ofBeta();
        launch(pair.ofAlpha(), ofBeta);
        seal();

        ofBeta.use(pair.beta, TlsPair.pinned("alpha"));
        sites.target.securityChanged();

        until(() -> sites.source.status().paths().stream().noneMatch(path -> path.state().equals("up")));
        until(() -> sites.target.status().refusals().containsKey("unknown-certificate"));
        ofBeta.use(pair.beta, TlsPair.pinned("alpha", pair.alpha.fingerprint()));
        seal();
    }

    @Test
    void shouldChangeTheSourcesCertificateWithoutARestart() throws Exception
    {
        final TlsPair pair = new TlsPair();
        final SiteIdentity next = TestIdentities.of("alpha");
        final TlsSecurity ofAlpha = pair.ofAlpha();
        launch(ofAlpha, new TlsSecurity(
            pair.beta, TlsPair.pinned("alpha", pair.alpha.fingerprint(), next.fingerprint())));
        seal();
        final String session = sites.source.status().session();

        ofAlpha.use(next, TlsPair.pinned("beta", pair.beta.fingerprint()));
        sites.source.securityChanged();

        until(() -> !sites.source.status().session().equals(session));
        seal();
        assertThat(sites.target.status().refusals()).doesNotContainKey("session");
    }

    @Test
    void shouldChangeTheTargetsCertificateWithoutARestart() throws Exception
    {
        final TlsPair pair = new TlsPair();
        final SiteIdentity next = TestIdentities.of("beta");
        final TlsSecurity ofAlpha = pair.ofAlpha();
        final TlsSecurity ofBeta = pair.ofBeta();
        launch(ofAlpha, ofBeta);
        seal();

        ofBeta.use(next, TlsPair.pinned("alpha", pair.alpha.fingerprint()));
        sites.target.securityChanged();
        seal();
        ofAlpha.use(pair.alpha, TlsPair.pinned("beta", next.fingerprint()));
        sites.source.securityChanged();

        seal();
        assertThat(sites.source.status().paths()).noneMatch(path -> path.reason().contains("not known"));
    }

    private void launch(final PathSecurity ofAlpha, final PathSecurity ofBeta) throws Exception
    {
        sites = new TwoSites(directory, ofAlpha, ofBeta);
        Images.mixed(sites.sourceImage, 1 << 20, new Random(5));
        sites.launchTarget();
        sites.launchSource();
    }

    private void seal() throws Exception
    {
        Images.change(sites.sourceImage, 3, 1000, new Random(System.nanoTime()));
        final EpochResult result = sites.source.epochNow(TwoSites.GROUP).get(30, TimeUnit.SECONDS);
        assertThat(result.sealed()).as(result.reason()).isTrue();
        assertThat(Images.mismatch(sites.sourceImage, sites.replicaImage)).isEqualTo(-1);
    }

    private PathStatus path()
    {
        return sites.source.status().paths().get(0);
    }

    private static SiteTrust word(final SiteIdentity authority, final String site)
    {
        return new SiteTrust(Map.of(site, Set.of()), authority.chain(), SystemEpochClock.INSTANCE);
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
