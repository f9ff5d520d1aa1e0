package io.farblock.replication.identity.pairing;

import io.farblock.replication.identity.Fingerprint;
import io.farblock.replication.identity.KnownSites;
import java.io.IOException;
import java.util.List;

/** Where a pairing writes what it found out. Called on the session's thread, with confirmed cards only. */
public interface PinBook
{
    /** Whether this card may be pinned; false when its site is known otherwise. */
    boolean admits(SiteCard peer) throws IOException;

    /** Pins; durable on return. */
    void pin(SiteCard peer) throws IOException;

    /**
     * Into a site's pins.
     *
     * @param replace whether a site that is known by other fingerprints is from now on known by the new one only.
     */
    static PinBook in(final KnownSites sites, final boolean replace)
    {
        return new PinBook()
        {
            @Override
            public boolean admits(final SiteCard peer) throws IOException
            {
                if (replace)
                {
                    return true;
                }
                final List<Fingerprint> known = sites.fingerprints(peer.name());
                return known.isEmpty() || known.contains(peer.fingerprint());
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
