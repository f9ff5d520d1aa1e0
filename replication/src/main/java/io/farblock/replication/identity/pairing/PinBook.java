package io.farblock.replication.identity.pairing;

import io.farblock.replication.identity.Fingerprint;
import io.farblock.replication.identity.KnownSites;
import java.io.IOException;
import java.util.List;

/** Where a pairing writes what it found out. Called on the session's thread, with confirmed cards only. */
public interface PinBook
{
    /** Why this card may not be pinned: its site is known otherwise, or another one was meant; null when it may. */
    PairingEnd refusal(SiteCard peer) throws IOException;

    /** Pins; durable on return. */
    void pin(SiteCard peer) throws IOException;

    /**
     * Into a site's pins.
     *
     * @param meant   name of the only site that may be pinned; null for whoever knows the code.
     * @param replace whether a site that is known by other fingerprints is from now on known by the new one only.
     */
    static PinBook in(final KnownSites sites, final String meant, final boolean replace)
    {
        return new PinBook()
        {
            @Override
            public PairingEnd refusal(final SiteCard peer) throws IOException
            {
                if (meant != null && !meant.equals(peer.name()))
                {
                    return PairingEnd.OTHER_SITE;
                }
                final List<Fingerprint> known = sites.fingerprints(peer.name());
                return replace || known.isEmpty() || known.contains(peer.fingerprint()) ? null
                    : PairingEnd.PINNED_OTHERWISE;
            }

            @Override
            public void pin(final SiteCard peer) throws IOException
            {
                if (replace)
                {
                    sites.replace(peer.name(), peer.fingerprint());
                }
                else
                {
                    sites.add(peer.name(), peer.fingerprint());
                }
            }
        };
    }
}
