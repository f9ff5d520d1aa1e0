package io.farblock.replication.identity;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What a site proves itself with: its private key, and its certificate with those that lead to its issuer. Immutable;
 * the key belongs to the first certificate. On disk, two files in PEM, {@code certificate.pem} and {@code key.pem}.
 */
public record SiteIdentity(PrivateKey key, List<X509Certificate> chain)
{
    private static final String CERTIFICATE = "certificate.pem";
    private static final String KEY = "key.pem";

    public SiteIdentity
    {
        chain = List.copyOf(chain);
    }

    /**
     * Reads what the operator, or {@link #openOrMake}, put there.
     *
     * @throws IdentityException when a file cannot be used, or the key is not that of the first certificate.
     */
    public static SiteIdentity load(final Path certificate, final Path key) throws IOException
    {
        final SiteIdentity identity = new SiteIdentity(PemFile.key(key), PemFile.certificates(certificate));
        final List<X509Certificate> chain = identity.chain();
        if (!isPair(key, identity.key(), chain.get(0).getPublicKey()))
        {
            boolean later = false;
            for (final X509Certificate other : chain)
            {
                later |= isPair(key, identity.key(), other.getPublicKey());
            }
            throw new IdentityException(key + ": found a key that does not belong to the " + (later ?
                "first certificate but to a later one in " + certificate + "; put the site's own certificate first" :
                "certificate in " + certificate + "; name the two files that were made together"));
        }
        return identity;
    }

    /**
     * Loads a directory's two files, or makes them when neither is there. One without the other is an error: a new
     * identity in the place of a lost one is a stranger to every peer.
     */
    public static SiteIdentity openOrMake(final Path directory, final String site, final SecureRandom random)
        throws IOException
    {
        SiteName.check(site);
        final Path certificate = directory.resolve(CERTIFICATE);
        final Path key = directory.resolve(KEY);
        if (!DurableFile.exists(certificate) || !DurableFile.exists(key))
        {
            DurableFile.makeDirectories(directory);
            DurableFile.locked(directory, () -> complete(certificate, key, site, random));
        }
        return load(certificate, key);
    }

    /** What peers pin. */
    public Fingerprint fingerprint()
    {
        return Fingerprint.of(chain.get(0));
    }

    /** Keys stay out of logs, whatever their own text says. */
    @Override
    public String toString()
    {
        return fingerprint().text();
    }

    private static void complete(final Path certificate, final Path key, final String site, final SecureRandom random)
        throws IOException
    {
        final boolean hasCertificate = DurableFile.exists(certificate);
        final boolean hasKey = DurableFile.exists(key);
        if (!hasCertificate && !hasKey)
        {
            final SiteIdentity made = IdentityMaker.make(certificate, site, random);
            DurableFile.prepare(key, IdentityMaker.text(made.key()), DurableFile.SECRET);
            DurableFile.prepare(certificate, PemFile.text(made.chain().get(0)), DurableFile.PUBLIC);
            // The certificate last, so that a power cut between the two leaves only what is taken up below.
            DurableFile.publish(key);
            DurableFile.publish(certificate);
        }
        else if (!hasCertificate && DurableFile.exists(DurableFile.waiting(certificate)))
        {
            DurableFile.publish(certificate);
        }
        else if (hasCertificate != hasKey)
        {
            throw new IdentityException((hasKey ? certificate : key) + ": found no such file although " +
                (hasKey ? key : certificate) + " is there, expected both; restore it from a backup, or remove the " +
                "other one, too, to have a new identity made, and pair this site again with all its peers");
        }
    }

    private static boolean isPair(final Path file, final PrivateKey key, final PublicKey publicKey)
        throws IdentityException
    {
        final byte[] probe = {1, 2, 3};
        final byte[] signed;
        final Signature signature;
        try
        {
            signature = Signature.getInstance(signatureOf(key));
            signature.initSign(key);
            signature.update(probe);
            signed = signature.sign();
        }
        catch (final GeneralSecurityException ex)
        {
            throw PemFile.unusableKey(file, ex);
        }
        try
        {
            signature.initVerify(publicKey);
            signature.update(probe);
            return signature.verify(signed);
        }
        catch (final GeneralSecurityException otherKind)
        {
            return false;
        }
    }

    private static String signatureOf(final PrivateKey key)
    {
        return switch (key.getAlgorithm())
        {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            default -> key.getAlgorithm();
        };
    }
}
