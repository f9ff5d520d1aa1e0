package io.farblock.replication.identity;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;

/**
 * Who the other side has proved to be: it holds the key of {@code chain}'s first certificate, which may speak for
 * {@code sites}, one of them as a rule. Immutable; what was pinned later or is pinned no longer does not show here.
 */
public record PeerIdentity(List<X509Certificate> chain, Fingerprint fingerprint, Set<String> sites)
{
    /** Whether what it says is that site's word. */
    public boolean maySpeakFor(final String site)
    {
        return sites.contains(site);
    }
}
