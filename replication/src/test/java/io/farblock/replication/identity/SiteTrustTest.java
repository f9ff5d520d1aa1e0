package io.farblock.replication.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Map;
import java.util.Set;
import org.agrona.concurrent.SystemEpochClock;
import org.junit.jupiter.api.Test;

/** Pins and an authority beside each other; what each says alone is tested with connections. */
final class SiteTrustTest
{
    private final SiteIdentity authority = TestIdentities.authority("our authority");
    private final SiteIdentity below = TestIdentities.expiredAuthority(authority, "the one below");
    private final SiteIdentity alpha = TestIdentities.issued(below, "alpha");

    @Test
    void shouldNotTakeWhatAnAuthorityIssuedThatHasExpired()
    {
        final UntrustedException refused =
            catchThrowableOfType(UntrustedException.class, () -> trust(Set.of()).identify(alpha.chain()));

        assertThat(refused.why()).isEqualTo(UntrustedException.Cause.DATE);
        assertThat(refused).hasMessageContaining("the one below");
    }

    @Test
    void shouldTakeAPinWhateverIsTheMatterWithAnAuthorityBesides() throws UntrustedException
    {
        final Set<Fingerprint> pins = Set.of(alpha.fingerprint());

        assertThat(trust(pins).identify(alpha.chain()).sites()).containsExactly("alpha");
    }

    private SiteTrust trust(final Set<Fingerprint> pins)
    {
        return new SiteTrust(Map.of("alpha", pins), authority.chain(), SystemEpochClock.INSTANCE);
    }
}
