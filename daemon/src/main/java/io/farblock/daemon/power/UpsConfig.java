package io.farblock.daemon.power;

import java.nio.file.Path;
import java.time.Duration;

/**
 * One UPS and where it is asked for. Immutable, checked by the configuration's reader.
 *
 * @param name       in status and logs.
 * @param host       of the NUT server (upsd); a name or an address.
 * @param port       of the NUT server, usually 3493.
 * @param ups        what that server calls the UPS.
 * @param powerValue how many of this machine's power supplies it feeds, as in upsmon's MONITOR line; 0 only watches.
 * @param poll       from one question to the next.
 * @param staleAfter how old the last good answer may become before the UPS is unknown.
 * @param tls        whether the line is encrypted.
 * @param authority  certificates in PEM that the server's must lead to; null takes any, which keeps out listeners
 *                   but nobody who stands in between.
 */
public record UpsConfig(
    String name,
    String host,
    int port,
    String ups,
    int powerValue,
    Duration poll,
    Duration staleAfter,
    Tls tls,
    Path authority)
{
    /** Whether STARTTLS is asked for before anything else. */
    public enum Tls
    {
        /** Everything in clear. */
        OFF,
        /** Encrypted when the server can, in clear when it says that it cannot. */
        TRY,
        /** Encrypted, or the UPS is unknown. */
        REQUIRE
    }
}
