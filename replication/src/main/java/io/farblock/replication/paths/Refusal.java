package io.farblock.replication.paths;

import java.util.Locale;

/** What can be refused, for counting: whoever is at the door decides how often, so each kind is counted on its own. */
public enum Refusal
{
    /** Bytes that are no frame, or a frame that breaks a rule. */
    FRAME,
    /** A site that is not known, or not welcome now. */
    SITE,
    /** TLS without a certificate, or with one whose kind of key this side cannot verify. */
    NO_CERTIFICATE,
    /** A certificate that is no known site's. */
    UNKNOWN_CERTIFICATE,
    /** A known certificate outside its dates. */
    CERTIFICATE_DATE,
    /** TLS older than 1.3. */
    TLS_VERSION,
    /** Something else than TLS. */
    NOT_TLS,
    /** A TLS handshake that failed otherwise. */
    HANDSHAKE,
    /** A certificate that may not speak for the site that was named. */
    IDENTITY,
    /** The session of another certificate. */
    SESSION,
    /** Too many connections, or handshakes, at once. */
    CROWD,
    /** No handshake, or no introduction, in time. */
    SLOW;

    /** For people and for JSON. */
    public String text()
    {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
