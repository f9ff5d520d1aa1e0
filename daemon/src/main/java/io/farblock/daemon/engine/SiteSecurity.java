package io.farblock.daemon.engine;

import io.farblock.daemon.config.DaemonConfig;
import io.farblock.replication.identity.Fingerprint;
import io.farblock.replication.identity.KnownSites;
import io.farblock.replication.identity.SiteIdentity;
import io.farblock.replication.identity.SiteTrust;
import io.farblock.replication.paths.PathSecurity;
import io.farblock.replication.paths.tls.TlsSecurity;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.agrona.concurrent.EpochClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What each of a site's networks is secured with: the identity, which they share, and whom each of them is to believe.
 * A source believes its one peer, the target whoever sends to it or is known otherwise. Read from the files that the
 * configuration names, at the start and again at a reload.
 *
 * <p>One thread at a time.
 */
public final class SiteSecurity
{
    private static final Logger LOG = LoggerFactory.getLogger(SiteSecurity.class);
    /** The target's place among the peers' names, which are never empty. */
    private static final String TARGET = "";

    private final EpochClock clock;
    private final Map<String, TlsSecurity> secured = new HashMap<>();
    private Files files;

    /** What was read, all of it before any of it is used. */
    private record Files(SiteIdentity identity, List<X509Certificate> authorities, Map<String, Set<Fingerprint>> pins)
    {
        SiteTrust trust(final Set<String> sites, final EpochClock clock)
        {
            final Map<String, Set<Fingerprint>> believed = new HashMap<>(pins);
            believed.keySet().retainAll(sites);
            return new SiteTrust(believed, authorities, clock);
        }
    }

    /**
     * Reads everything, and makes this site's identity if it is to have one of its own and has none.
     *
     * @throws IllegalStateException when a file cannot be used; it is named.
     */
    SiteSecurity(final DaemonConfig config, final EpochClock clock)
    {
        this.clock = clock;
        this.files = read(config);
        log(config);
    }

    /** For the network that receives. */
    PathSecurity ofTarget(final DaemonConfig config)
    {
        if (config.security().insecureListen())
        {
            return PathSecurity.PLAINTEXT;
        }
        final SiteTrust trust = files.trust(files.pins.keySet(), clock);
        trust.unprovable().stream().filter(config.senders()::contains).forEach(site -> LOG.warn(
            "no certificate of {} is known, so it will be refused: farblock pair, or fingerprints below a [[peer]]",
            site));
        return secured.computeIfAbsent(TARGET, target -> new TlsSecurity(files.identity, trust));
    }

    /** For the network that sends to a peer. */
    PathSecurity ofSource(final DaemonConfig config, final String peer)
    {
        return config.peer(peer).insecure() ? PathSecurity.PLAINTEXT :
            secured.computeIfAbsent(peer, name -> new TlsSecurity(files.identity, files.trust(Set.of(name), clock)));
    }

    /**
     * Reads everything again, and secures new connections with it.
     *
     * @throws IllegalStateException when a file cannot be used; it is named, and everything stays as it was.
     */
    void reload(final DaemonConfig config)
    {
        final Files fresh = read(config);
        secured.forEach((name, security) -> security.use(
            fresh.identity, fresh.trust(name.equals(TARGET) ? fresh.pins.keySet() : Set.of(name), clock)));
        files = fresh;
        log(config);
    }

    private void log(final DaemonConfig config)
    {
        LOG.info("identity site={} fingerprint={} tls={}", config.site(), files.identity.fingerprint(),
            TlsSecurity.library(files.identity));
    }

    /** By what the site is known: as its files say, or of its own making, which this does if it has none yet. */
    public static SiteIdentity identity(final DaemonConfig config, final SecureRandom random) throws IOException
    {
        final DaemonConfig.Security keys = config.security();
        return keys.certificate() == null ?
            SiteIdentity.openOrMake(config.state().resolve("identity"), config.site(), random) :
            SiteIdentity.load(keys.certificate(), keys.key());
    }

    private static Files read(final DaemonConfig config)
    {
        try
        {
            final SiteIdentity identity = identity(config, new SecureRandom());
            final Path authority = config.security().authority();
            return new Files(
                identity, authority == null ? List.of() : SiteTrust.authorities(authority), pins(config));
        }
        catch (final IOException ex)
        {
            throw new IllegalStateException(ex.getMessage(), ex);
        }
    }

    private static Map<String, Set<Fingerprint>> pins(final DaemonConfig config) throws IOException
    {
        final KnownSites known = new KnownSites(config.state().resolve("peers"));
        final Set<String> names = new TreeSet<>(config.senders());
        config.peers().forEach(peer -> names.add(peer.name()));
        final Map<String, Set<Fingerprint>> pins = new HashMap<>();
        for (final String name : names)
        {
            final Set<Fingerprint> pinned = new HashSet<>(known.fingerprints(name));
            if (config.peer(name) != null)
            {
                pinned.addAll(config.peer(name).fingerprints());
            }
            pins.put(name, pinned);
        }
        return pins;
    }
}
