package io.farblock.daemon.power.nut;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Date;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority of a test's own, and what it issues to servers. One thread. */
final class TestAuthority
{
    static final String PASSWORD = "of a test";
    private static final long DAY_MS = 86_400_000L;

    private final KeyPair keys = keys();
    private final X509Certificate certificate;
    private int serial;

    TestAuthority() throws GeneralSecurityException, IOException, OperatorCreationException
    {
        certificate = issue("CN=authority of a test", keys, builder -> builder.addExtension(
            Extension.basicConstraints, true, new BasicConstraints(true)), DAY_MS);
    }

    /** Its certificate in PEM. */
    Path write(final Path file) throws GeneralSecurityException, IOException
    {
        return Files.writeString(file, "-----BEGIN CERTIFICATE-----\n" +
            Base64.getMimeEncoder(64, new byte[]{'\n'}).encodeToString(certificate.getEncoded()) +
            "\n-----END CERTIFICATE-----\n");
    }

    /** Key and certificate of a server of that name, under {@link #PASSWORD}, with the alias "server". */
    KeyStore server(final String dnsName) throws GeneralSecurityException, IOException, OperatorCreationException
    {
        return server(dnsName, DAY_MS);
    }

    /** One whose certificate ended a day ago. */
    KeyStore expiredServer(final String dnsName)
        throws GeneralSecurityException, IOException, OperatorCreationException
    {
        return server(dnsName, -DAY_MS);
    }

    /** As {@link #server}, in a file. */
    Path writeServer(final String dnsName, final Path file)
        throws GeneralSecurityException, IOException, OperatorCreationException
    {
        try (OutputStream out = Files.newOutputStream(file))
        {
            server(dnsName).store(out, PASSWORD.toCharArray());
        }
        return file;
    }

    static SSLContext context(final KeyStore server) throws GeneralSecurityException
    {
        final KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(server, PASSWORD.toCharArray());
        final SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    private KeyStore server(final String dnsName, final long validForMs)
        throws GeneralSecurityException, IOException, OperatorCreationException
    {
        final KeyPair own = keys();
        final X509Certificate issued = issue("CN=" + dnsName, own, builder -> builder.addExtension(
            Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName(GeneralName.dNSName, dnsName))),
            validForMs);
        final KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("server", own.getPrivate(), PASSWORD.toCharArray(),
            new X509Certificate[]{issued, certificate});
        return store;
    }

    /** Adds to a certificate. */
    private interface Extensions
    {
        void add(JcaX509v3CertificateBuilder builder) throws IOException;
    }

    private X509Certificate issue(
        final String name, final KeyPair subject, final Extensions extensions, final long validForMs)
        throws GeneralSecurityException, IOException, OperatorCreationException
    {
        final long nowMs = System.currentTimeMillis();
        final JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
            new X500Name("CN=authority of a test"), BigInteger.valueOf(++serial), new Date(nowMs - 10 * DAY_MS),
            new Date(nowMs + validForMs), new X500Name(name), subject.getPublic());
        extensions.add(builder);
        return new JcaX509CertificateConverter().getCertificate(
            builder.build(new JcaContentSignerBuilder("SHA256withRSA").build(keys.getPrivate())));
    }

    private static KeyPair keys() throws GeneralSecurityException
    {
        final KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return generator.generateKeyPair();
    }
}
