package io.farblock.replication.identity.pairing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The tags by which two who agreed on a key show each other that they did, and about what:
 *
 * <pre>
 *   key = HMAC-SHA256("farblock pairing 1, key", material of the agreement)
 *   tag = HMAC-SHA256(key, sender's role | purpose | card of OFFER | card of JOIN | SHA-256 of the transcript)
 * </pre>
 *
 * The transcript is every message up to the second round, as it was sent or received; each part is preceded by its
 * length, so that no two sets of parts give the same bytes. Immutable.
 */
final class ConfirmationKey
{
    private static final String HMAC = "HmacSHA256";

    private final byte[] key;
    private final byte[] about;

    /**
     * @param material   of the key agreement.
     * @param offer      what OFFER said of itself.
     * @param join       what JOIN said of itself.
     * @param transcript digest of all that was said.
     */
    ConfirmationKey(final byte[] material, final SiteCard offer, final SiteCard join, final byte[] transcript)
    {
        key = hmac("farblock pairing 1, key".getBytes(StandardCharsets.US_ASCII), material);
        about = join(text(offer.name()), text(offer.fingerprint().text()), text(join.name()),
            text(join.fingerprint().text()), transcript);
    }

    byte[] tag(final PairingRole sender, final String purpose)
    {
        return hmac(key, join(text(sender.participant()), text(purpose), about));
    }

    /** Whether a tag is that sender's; takes as long for a nearly right one as for any other. */
    boolean isTag(final byte[] found, final PairingRole sender, final String purpose)
    {
        return MessageDigest.isEqual(tag(sender, purpose), found);
    }

    private static byte[] text(final String text)
    {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] join(final byte[]... parts)
    {
        final ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (final byte[] part : parts)
        {
            joined.write(part.length >>> 8);
            joined.write(part.length);
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }

    private static byte[] hmac(final byte[] key, final byte[] data)
    {
        try
        {
            final Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac.doFinal(data);
        }
        catch (final GeneralSecurityException ex)
        {
            throw new IllegalStateException("a JVM without " + HMAC, ex);
        }
    }
}
