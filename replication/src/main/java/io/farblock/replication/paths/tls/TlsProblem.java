package io.farblock.replication.paths.tls;

import io.farblock.replication.identity.Fingerprint;
import io.farblock.replication.identity.UntrustedException;
import io.farblock.replication.paths.PathSecurity;
import io.farblock.replication.paths.Refusal;
import io.netty.handler.ssl.NotSslRecordException;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * What went wrong, for people. TLS libraries tell most of it in words only, and each in its own: they are looked for
 * here to count and to explain, and nothing is decided by them. Stateless.
 */
final class TlsProblem
{
    private static final int DEEPEST = 8;
    private static final Pattern DAMAGED = Pattern.compile("decrypt|record|tag mismatch");

    private TlsProblem()
    {
    }

    static Refusal kindOf(final Throwable failure)
    {
        final UntrustedException untrusted = find(failure, UntrustedException.class);
        if (untrusted != null)
        {
            return untrusted.why() == UntrustedException.Cause.DATE ? Refusal.CERTIFICATE_DATE :
                Refusal.UNKNOWN_CERTIFICATE;
        }
        if (find(failure, NotSslRecordException.class) != null)
        {
            return Refusal.NOT_TLS;
        }
        final String words = words(failure);
        if (find(failure, SSLPeerUnverifiedException.class) != null || words.contains("empty client certificate") ||
            words.contains("did_not_return_a_certificate"))
        {
            return Refusal.NO_CERTIFICATE;
        }
        return words.contains("unsupported_protocol") || words.contains("not enabled or supported in server context") ?
            Refusal.TLS_VERSION : Refusal.HANDSHAKE;
    }

    /** {@code own} is this side's certificate, which the other side may have refused. */
    static String explain(final Throwable failure, final Fingerprint own)
    {
        final UntrustedException untrusted = find(failure, UntrustedException.class);
        if (untrusted != null)
        {
            return untrusted.getMessage();
        }
        return switch (kindOf(failure))
        {
            case NOT_TLS -> PathSecurity.NOT_TLS;
            case NO_CERTIFICATE -> "no certificate, or one with a key of a kind that cannot be verified here " +
                "(Ed25519 wants it on both sides)";
            case TLS_VERSION -> "a TLS older than 1.3";
            default -> explainWords(failure, own);
        };
    }

    /** Whether a record was not what its sender had sent. */
    static boolean isDamage(final Throwable failure)
    {
        return find(failure, SSLException.class) != null && !words(failure).contains("alert");
    }

    private static String explainWords(final Throwable failure, final Fingerprint own)
    {
        final String words = words(failure);
        if (words.contains("alert") && (words.contains("certificate_") || words.contains("bad_certificate")))
        {
            return "the other side refused this site's certificate " + own + " (" + lastWords(failure) +
                "): is it pinned there, and within its dates by that clock?";
        }
        if (DAMAGED.matcher(words).find())
        {
            return "bytes were changed on their way, as " + (words.contains("alert") ? "the other side" : "TLS") +
                " found (" + lastWords(failure) + ")";
        }
        return find(failure, SSLException.class) == null ? lastWords(failure) : "TLS failed: " + lastWords(failure);
    }

    private static <T> T find(final Throwable failure, final Class<T> kind)
    {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++)
        {
            if (kind.isInstance(cause))
            {
                return kind.cast(cause);
            }
            cause = cause.getCause();
        }
        return null;
    }

    private static String words(final Throwable failure)
    {
        final StringBuilder words = new StringBuilder();
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++)
        {
            words.append(cause.getMessage()).append('\n');
            cause = cause.getCause();
        }
        return words.toString().toLowerCase(Locale.ROOT);
    }

    private static String lastWords(final Throwable failure)
    {
        Throwable cause = failure;
        for (int depth = 0; cause.getCause() != null && depth < DEEPEST; depth++)
        {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }
}
