package io.farblock.replication.identity;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;

/**
 * Keys and certificates in PEM: PKCS#8, the older forms that openssl writes, chains of certificates. Bouncy Castle
 * reads, the JDK makes the objects. Stateless; whatever is wrong with a file is an {@link IdentityException}.
 */
final class PemFile
{
    private static final Map<String, String> ALGORITHMS = Map.of(
        X9ObjectIdentifiers.id_ecPublicKey.getId(), "EC",
        EdECObjectIdentifiers.id_Ed25519.getId(), "EdDSA",
        EdECObjectIdentifiers.id_Ed448.getId(), "EdDSA",
        PKCSObjectIdentifiers.rsaEncryption.getId(), "RSA");

    private static final String EXPECTED = ", expected ECDSA (P-256, P-384, P-521), Ed25519 or RSA";

    private PemFile()
    {
    }

    /** All certificates of a file, in its order; at least one. */
    static List<X509Certificate> certificates(final Path file) throws IOException
    {
        final List<X509Certificate> found = new ArrayList<>();
        for (final Object object : objects(file))
        {
            if (object instanceof X509CertificateHolder holder)
            {
                found.add(certificate(file, holder));
            }
        }
        if (found.isEmpty())
        {
            throw new IdentityException(file + ": found no certificate, expected PEM with BEGIN CERTIFICATE");
        }
        return List.copyOf(found);
    }

    /** The first private key of a file. */
    static PrivateKey key(final Path file) throws IOException
    {
        for (final Object object : objects(file))
        {
            if (object instanceof PrivateKeyInfo plain)
            {
                return key(file, plain);
            }
            if (object instanceof PEMKeyPair pair)
            {
                return key(file, pair.getPrivateKeyInfo());
            }
            if (object instanceof PKCS8EncryptedPrivateKeyInfo || object instanceof PEMEncryptedKeyPair)
            {
                throw new IdentityException(file + ": found a key under a passphrase, expected one without, since " +
                    "nobody is there to type it when a daemon starts; openssl pkey -in FILE -out NEWFILE removes it");
            }
        }
        throw new IdentityException(file + ": found no private key, expected PEM with BEGIN PRIVATE KEY");
    }

    static String text(final Object object) throws IOException
    {
        final StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text))
        {
            writer.writeObject(object);
        }
        return text.toString();
    }

    static X509Certificate certificate(final Path file, final X509CertificateHolder holder) throws IOException
    {
        try
        {
            return (X509Certificate)CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(holder.getEncoded()));
        }
        catch (final GeneralSecurityException ex)
        {
            throw new IdentityException(file + ": found a certificate that this JVM cannot read: " + ex.getMessage(),
                ex);
        }
    }

    private static List<Object> objects(final Path file) throws IOException
    {
        final String text;
        try
        {
            text = DurableFile.read(file);
        }
        catch (final NoSuchFileException ex)
        {
            throw new IdentityException(file + ": found no such file, expected a certificate or key in PEM", ex);
        }
        final List<Object> objects = new ArrayList<>();
        try (PEMParser parser = new PEMParser(new StringReader(text)))
        {
            for (Object next = parser.readObject(); next != null; next = parser.readObject())
            {
                objects.add(next);
            }
        }
        // The parser throws runtime exceptions of many kinds at bytes that are no ASN.1.
        catch (final IOException | RuntimeException ex)
        {
            throw new IdentityException(file + ": found damaged PEM (" + SiteName.printable(String.valueOf(
                ex.getMessage())) + "), expected a certificate or key as openssl writes it", ex);
        }
        return objects;
    }

    private static PrivateKey key(final Path file, final PrivateKeyInfo info) throws IOException
    {
        final String id = info.getPrivateKeyAlgorithm().getAlgorithm().getId();
        final String algorithm = ALGORITHMS.get(id);
        if (algorithm == null)
        {
            throw new IdentityException(file + ": found a key of algorithm " + id + EXPECTED);
        }
        try
        {
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
        }
        catch (final GeneralSecurityException ex)
        {
            throw unusableKey(file, ex);
        }
    }

    static IdentityException unusableKey(final Path file, final GeneralSecurityException ex)
    {
        return new IdentityException(file + ": found a key that TLS cannot use (" + ex.getMessage() + ")" + EXPECTED,
            ex);
    }
}
