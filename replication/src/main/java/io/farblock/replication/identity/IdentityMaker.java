package io.farblock.replication.identity;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Makes a site's key (ECDSA, P-256) and a certificate that it signs itself. Valid always: an appliance may wake with a
 * dead clock, and what makes the certificate trusted is that its peers pinned it. Stateless.
 */
final class IdentityMaker
{
    private static final int SERIAL_BITS = 127;
    /** "No well-defined expiration", RFC 5280, 4.1.2.5. */
    private static final Date NEVER = Date.from(Instant.parse("9999-12-31T23:59:59Z"));

    private IdentityMaker()
    {
    }

    static SiteIdentity make(final Path file, final String site, final SecureRandom random) throws IOException
    {
        try
        {
            final KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            final KeyPair pair = generator.generateKeyPair();
            final X509CertificateHolder holder = certificate(site, pair, random);
            return new SiteIdentity(pair.getPrivate(), List.of(PemFile.certificate(file, holder)));
        }
        catch (final GeneralSecurityException | OperatorCreationException ex)
        {
            throw new IllegalStateException("a JVM without ECDSA", ex);
        }
    }

    /** As {@code openssl pkcs8 -topk8 -nocrypt} would print it. */
    static String text(final PrivateKey key) throws IOException
    {
        return PemFile.text(new JcaPKCS8Generator(key, null));
    }

    private static X509CertificateHolder certificate(final String site, final KeyPair pair, final SecureRandom random)
        throws IOException, OperatorCreationException
    {
        final X500Name name = new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, site).build();
        final BigInteger serial = new BigInteger(SERIAL_BITS, random).setBit(SERIAL_BITS - 1);
        return new JcaX509v3CertificateBuilder(name, serial, new Date(0), NEVER, name, pair.getPublic())
            .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
            .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
            .addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(
                new KeyPurposeId[]{KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth}))
            .addExtension(Extension.subjectAlternativeName, false,
                new GeneralNames(new GeneralName(GeneralName.dNSName, site)))
            .build(new JcaContentSignerBuilder("SHA256withECDSA").setSecureRandom(random).build(pair.getPrivate()));
    }
}
