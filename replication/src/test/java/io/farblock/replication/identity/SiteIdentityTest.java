package io.farblock.replication.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys beside this class were made with openssl for these tests and guard nothing. */
final class SiteIdentityTest
{
    @TempDir
    private Path directory;

    @Test
    void shouldMakeAnIdentityOnce() throws IOException
    {
        final Path place = directory.resolve("state/identity");

        final SiteIdentity made = SiteIdentity.openOrMake(place, "alpha", new SecureRandom());

        assertThat(SiteIdentity.openOrMake(place, "alpha", new SecureRandom())).isEqualTo(made);
        assertThat(SiteIdentity.openOrMake(directory.resolve("other"), "alpha", new SecureRandom()).fingerprint())
            .isNotEqualTo(made.fingerprint());
        assertThat(made.toString()).isEqualTo(made.fingerprint().text());
    }

    @Test
    void shouldMakeOneIdentityWhenTwoWantItAtOnce()
    {
        final List<CompletableFuture<SiteIdentity>> makers = Stream.generate(() -> CompletableFuture.supplyAsync(() ->
        {
            try
            {
                return SiteIdentity.openOrMake(directory.resolve("identity"), "alpha", new SecureRandom());
            }
            catch (final IOException ex)
            {
                throw new UncheckedIOException(ex);
            }
        })).limit(4).toList();

        assertThat(makers.stream().map(CompletableFuture::join).distinct()).hasSize(1);
    }

    @Test
    void shouldBeValidWhateverTheClockSays() throws Exception
    {
        final X509Certificate certificate =
            SiteIdentity.openOrMake(directory, "site_7.example", new SecureRandom()).chain().get(0);

        certificate.checkValidity(new Date(0));
        certificate.checkValidity(Date.from(Instant.parse("9999-12-31T23:59:59Z")));
        certificate.verify(certificate.getPublicKey());
        assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=site_7.example");
        assertThat(certificate.getSubjectAlternativeNames()).containsExactly(List.of(2, "site_7.example"));
        assertThat(certificate.getBasicConstraints()).as("no authority").isEqualTo(-1);
    }

    @Test
    void shouldKeepTheKeyToItsOwner() throws IOException
    {
        final Path place = directory.resolve("identity");

        SiteIdentity.openOrMake(place, "alpha", new SecureRandom());

        assertThat(mode(place)).isEqualTo("rwx------");
        assertThat(mode(place.resolve("key.pem"))).isEqualTo("rw-------");
        try (Stream<Path> names = Files.list(place))
        {
            assertThat(names.map(name -> name.getFileName().toString()))
                .containsExactlyInAnyOrder("key.pem", "certificate.pem", ".lock");
        }
    }

    @Test
    void shouldLeaveWhatRootWritesToTheOwnerOfTheDirectory() throws IOException
    {
        assumeTrue(Files.getAttribute(directory, "unix:uid").equals(0),
            "needs root");
        Files.setAttribute(directory, "unix:uid", 12345);
        Files.setAttribute(directory, "unix:gid", 12346);

        SiteIdentity.openOrMake(directory.resolve("identity"), "alpha", new SecureRandom());

        for (final String name : List.of("identity", "identity/key.pem", "identity/certificate.pem", "identity/.lock"))
        {
            assertThat(Files.getAttribute(directory.resolve(name), "unix:uid")).as(name).isEqualTo(12345);
            assertThat(Files.getAttribute(directory.resolve(name), "unix:gid")).as(name).isEqualTo(12346);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"key.pem", "certificate.pem"})
    void shouldNotReplaceAnIdentityOfWhichOneHalfIsLost(final String lost) throws IOException
    {
        SiteIdentity.openOrMake(directory, "alpha", new SecureRandom());
        Files.delete(directory.resolve(lost));

        assertThatThrownBy(() -> SiteIdentity.openOrMake(directory, "alpha", new SecureRandom()))
            .isInstanceOf(IdentityException.class)
            .hasMessageContainingAll(directory.resolve(lost).toString(), "expected both", "restore it");
        assertThat(directory.resolve(lost)).doesNotExist();
    }

    @Test
    void shouldNotReplaceAnIdentityOnADiskThatIsNotMounted() throws IOException
    {
        Files.createSymbolicLink(directory.resolve("key.pem"), directory.resolve("away/key.pem"));
        Files.createSymbolicLink(directory.resolve("certificate.pem"), directory.resolve("away/certificate.pem"));

        assertThatThrownBy(() -> SiteIdentity.openOrMake(directory, "alpha", new SecureRandom()))
            .isInstanceOf(IdentityException.class).hasMessageContaining("no such file");
    }

    @Test
    void shouldGoOnAfterAPowerCutBetweenKeyAndCertificate() throws IOException
    {
        final SiteIdentity made = SiteIdentity.openOrMake(directory, "alpha", new SecureRandom());
        Files.move(directory.resolve("certificate.pem"), directory.resolve("certificate.pem.new"));

        assertThat(SiteIdentity.openOrMake(directory, "alpha", new SecureRandom())).isEqualTo(made);
    }

    @Test
    void shouldGoOnAfterAPowerCutBeforeAnythingHadItsName() throws IOException
    {
        Files.writeString(directory.resolve("key.pem.new"), "half");

        final SiteIdentity made = SiteIdentity.openOrMake(directory, "alpha", new SecureRandom());

        assertThat(SiteIdentity.openOrMake(directory, "alpha", new SecureRandom())).isEqualTo(made);
    }

    @ParameterizedTest
    @CsvSource({"sec1-p256,EC", "pkcs8-p384,EC", "ed25519,EdDSA", "rsa,RSA"})
    void shouldLoadWhatOpensslMade(final String name, final String algorithm) throws IOException
    {
        final SiteIdentity identity = SiteIdentity.load(fixture(name + ".pem"), fixture(name + ".key.pem"));

        assertThat(identity.key().getAlgorithm()).isEqualTo(algorithm);
        assertThat(identity.chain().get(0).getSubjectX500Principal().getName()).isEqualTo("CN=" + name);
    }

    @Test
    void shouldCheckThatTheKeyIsTheCertificates() throws IOException
    {
        final Path chain = Files.writeString(directory.resolve("chain.pem"),
            Files.readString(fixture("rsa.pem")) + Files.readString(fixture("ed25519.pem")));

        assertThatThrownBy(() -> SiteIdentity.load(fixture("rsa.pem"), fixture("ed25519.key.pem")))
            .hasMessageContainingAll("ed25519.key.pem", "rsa.pem", "made together");
        assertThatThrownBy(() -> SiteIdentity.load(chain, fixture("ed25519.key.pem")))
            .hasMessageContaining("own certificate first");
        assertThat(SiteIdentity.load(chain, fixture("rsa.key.pem")).chain()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"encrypted.key.pem,passphrase", "secp256k1.key.pem,P-256", "rsa.pem,no private key",
        "nothing.pem,no such file"})
    void shouldSayWhatIsWrongWithAKey(final String name, final String words)
    {
        assertThatThrownBy(() -> SiteIdentity.load(fixture("rsa.pem"), fixture("rsa.pem").resolveSibling(name)))
            .isInstanceOf(IdentityException.class).hasMessageContainingAll(name, words);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hello", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\n", "-----BEGIN PRIVATE KEY-----\n!!\n-----END PRIVATE KEY-----\n"})
    void shouldSayWhatIsWrongWithACertificate(final String text) throws IOException
    {
        final Path file = Files.writeString(directory.resolve("c.pem"), text);

        assertThatThrownBy(() -> SiteIdentity.load(file, fixture("rsa.key.pem")))
            .isInstanceOf(IdentityException.class).hasMessageStartingWith(file + ": found ");
    }

    @Test
    void shouldNotReadAFileOfAnySize() throws IOException
    {
        final Path file = Files.write(directory.resolve("c.pem"), new byte[DurableFile.LARGEST_BYTES + 1]);

        assertThatThrownBy(() -> SiteIdentity.load(file, fixture("rsa.key.pem"))).hasMessageContaining("more than");
    }

    private static Path fixture(final String name)
    {
        return Path.of(SiteIdentityTest.class.getResource(name).getPath());
    }

    private static String mode(final Path file) throws IOException
    {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
