package io.farblock.replication.paths;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.replication.identity.SiteIdentity;
import io.farblock.replication.identity.SiteTrust;
import io.farblock.replication.identity.TestIdentities;
import io.farblock.replication.paths.tls.TlsSecurity;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.agrona.concurrent.SystemEpochClock;
import org.junit.jupiter.api.Test;

/** Under TLS; both sides are the same site here, which proves itself to itself. */
final class NettyNetworkTlsTest extends NettyNetworkContract
{
    private final SiteIdentity identity = TestIdentities.of("alpha");

    @Override
    PathSecurity security()
    {
        return new TlsSecurity(identity, new SiteTrust(
            Map.of("alpha", Set.of(identity.fingerprint())), List.of(), SystemEpochClock.INSTANCE));
    }

    @Test
    void shouldTellEachSideWhoTheOtherIs() throws Exception
    {
        final Recorder client = connect();
        final Recorder server = accepted.take();

        client.opened.await();
        server.opened.await();

        assertThat(client.connection.identity().fingerprint()).isEqualTo(identity.fingerprint());
        assertThat(server.connection.identity().maySpeakFor("alpha")).isTrue();
        assertThat(server.connection.identity().maySpeakFor("beta")).isFalse();
    }
}
