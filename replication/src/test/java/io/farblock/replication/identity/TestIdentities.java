package io.farblock.replication.identity;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Identities that no site would make itself: with dates, of other keys, issued by an authority. */
public final class TestIdentities
{
    private static final Date BEGIN = Date.from(Instant.parse("2020-01-01T00:00:00Z"));
    private static final Date END = Date.from(Instant.parse("2120-01-01T00:00:00Z"));
    private static final SecureRandom RANDOM = new SecureRandom();

    private TestIdentities()
    {
    }

    /** As sites make them. */
    public static SiteIdentity of(final String site)
    {
        return of(site, "EC");
    }

    /** With an {@code EC}, {@code RSA} or {@code Ed25519} key. */
    public static SiteIdentity of(final String site, final String keyKind)
    {
        return make(site, keyKind, END, null, false);
    }

    /** Not valid any more. */
    public static SiteIdentity expired(final String site)
    {
        return make(site, "EC", Date.from(Instant.parse("2021-01-01T00:00:00Z")), null, false);
    }

    public static SiteIdentity authority(final String name)
    {
        return make(name, "EC", END, null, true);
    }

    /** An authority below another one, not valid any more. */
    public static SiteIdentity expiredAuthority(final SiteIdentity authority, final String name)
    {
        return make(name, "EC", Date.from(Instant.parse("2021-01-01T00:00:00Z")), authority, true);
    }

    /** Signed by an authority, whose certificate follows in the chain. */
    public static SiteIdentity issued(final SiteIdentity authority, final String site)
    {
        return make(site, "EC", END, authority, false);
    }

    public static SiteIdentity issuedAndExpired(final SiteIdentity authority, final String site)
    {
        return make(site, "EC", Date.from(Instant.parse("2021-01-01T00:00:00Z")), authority, false);
    }

    private static SiteIdentity make(
        final String name, final String keyKind, final Date end, final SiteIdentity issuer, final boolean isAuthority)
    {
        try
        {
            final KeyPairGenerator generator = KeyPairGenerator.getInstance(keyKind);
            if (keyKind.equals("EC"))
            {
                generator.initialize(256);
            }
            final KeyPair pair = generator.generateKeyPair();
            final SiteIdentity signer = issuer == null ? new SiteIdentity(pair.getPrivate(), List.of()) : issuer;
            final X500Name subject = new X500Name("CN=" + name);
            final X500Name issuerName = issuer == null ? subject :
                new X500Name(issuer.chain().get(0).getSubjectX500Principal().getName());
            final List<X509Certificate> chain = new ArrayList<>();
            chain.add(sign(subject, issuerName, end, pair.getPublic(), signer, isAuthority));
            chain.addAll(signer.chain());
            return new SiteIdentity(pair.getPrivate(), chain);
        }
        catch (final Exception ex)
        {
            throw new IllegalStateException(ex);
        }
    }

    private static X509Certificate sign(
        final X500Name subject, final X500Name issuerName, final Date end, final PublicKey key,
        final SiteIdentity signer, final boolean isAuthority) throws Exception
    {
        final String algorithm = switch (signer.key().getAlgorithm())
        {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            default -> "Ed25519";
        };
        final JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
            issuerName, new BigInteger(64, RANDOM), BEGIN, end, subject, key);
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(isAuthority));
        if (!isAuthority)
        {
            builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(
                new GeneralName(GeneralName.dNSName, subject.getRDNs()[0].getFirst().getValue().toString())));
        }
        return new JcaX509CertificateConverter().getCertificate(
            builder.build(new JcaContentSignerBuilder(algorithm).build(signer.key())));
    }
}
