package io.farblock.replication.identity.pairing;

import io.farblock.replication.identity.Fingerprint;

/** What a site says of itself, and what is pinned of it: name and certificate fingerprint. Immutable. */
public record SiteCard(String name, Fingerprint fingerprint)
{
}
