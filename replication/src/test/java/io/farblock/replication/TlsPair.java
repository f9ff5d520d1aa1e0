package io.farblock.replication;

import io.farblock.replication.identity.Fingerprint;
import io.farblock.replication.identity.SiteIdentity;
import io.farblock.replication.identity.SiteTrust;
import io.farblock.replication.identity.TestIdentities;
import io.farblock.replication.paths.tls.TlsSecurity;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.agrona.concurrent.SystemEpochClock;

/** {@code alpha} and {@code beta}, each with an identity, each pinned by the other. */
public final class TlsPair
{
    public final SiteIdentity alpha;
    public final SiteIdentity beta;

    public TlsPair()
    {
        this(TestIdentities.of("alpha"), TestIdentities.of("beta"));
    }

    public TlsPair(final SiteIdentity alpha, final SiteIdentity beta)
    {
        this.alpha = alpha;
        this.beta = beta;
    }

    public TlsSecurity ofAlpha()
    {
        return new TlsSecurity(alpha, pinned("beta", beta.fingerprint()));
    }

    public TlsSecurity ofBeta()
    {
        return new TlsSecurity(beta, pinned("alpha", alpha.fingerprint()));
    }

    /** Trust in one site by these fingerprints. */
    public static SiteTrust pinned(final String site, final Fingerprint... fingerprints)
    {
        return new SiteTrust(Map.of(site, Set.of(fingerprints)), List.of(), SystemEpochClock.INSTANCE);
    }
}
