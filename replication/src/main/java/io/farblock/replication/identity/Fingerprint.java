package io.farblock.replication.identity;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * SHA-256 of a certificate in DER: what people compare and pin. Written {@code sha256:} and 64 hexadecimal digits;
 * read also as {@code openssl x509 -fingerprint -sha256} prints it. Immutable.
 */
public record Fingerprint(String text)
{
    private static final String PREFIX = "sha256:";
    private static final Pattern DIGITS = Pattern.compile("[0-9a-f]{64}");

    /** @throws IllegalArgumentException with the words for what was expected. */
    public static Fingerprint parse(final String text)
    {
        final String lower = text.strip().toLowerCase(Locale.ROOT);
        final String digits = lower.substring(lower.startsWith(PREFIX) ? PREFIX.length() : 0).replace(":", "");
        if (!DIGITS.matcher(digits).matches())
        {
            throw new IllegalArgumentException("sha256: and 64 hexadecimal digits");
        }
        return new Fingerprint(PREFIX + digits);
    }

    /** Of a certificate. */
    public static Fingerprint of(final X509Certificate certificate)
    {
        try
        {
            final byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
            return new Fingerprint(PREFIX + HexFormat.of().formatHex(digest));
        }
        catch (final NoSuchAlgorithmException | CertificateEncodingException ex)
        {
            throw new IllegalStateException("a JVM without SHA-256, or a certificate that came from no bytes", ex);
        }
    }

    @Override
    public String toString()
    {
        return text;
    }
}
