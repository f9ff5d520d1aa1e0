package io.farblock.daemon.config;

import io.farblock.daemon.config.DaemonConfig.Group;
import io.farblock.daemon.config.DaemonConfig.Peer;
import io.farblock.replication.paths.PathMode;
import io.farblock.replication.shaping.PeerLimits;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * What a file that was read again changes, and what of it can be had while the daemon runs: whom this site knows, by
 * what it is known, and what its paths may carry. Everything else waits for a restart and is named, so that nobody
 * takes it for done. Immutable.
 *
 * @param next      the running configuration with what can be taken over.
 * @param applied   keys that are taken over.
 * @param atRestart keys, or what they stand below, that are not.
 */
public record ConfigChange(DaemonConfig next, List<String> applied, List<String> atRestart)
{
    /** Compares what runs with what the file says now. */
    public static ConfigChange between(final DaemonConfig running, final DaemonConfig file)
    {
        final Collector found = new Collector(running, file);
        found.applied(ConfigKey.CERTIFICATE, config -> config.security().certificate());
        found.applied(ConfigKey.KEY, config -> config.security().key());
        found.applied(ConfigKey.AUTHORITY, config -> config.security().authority());
        found.waits(ConfigKey.SITE, DaemonConfig::site);
        found.waits(ConfigKey.STATE, DaemonConfig::state);
        found.waits(ConfigKey.CONTROL, DaemonConfig::control);
        found.waits(ConfigKey.JOURNAL_LIMIT, DaemonConfig::journalLimitBytes);
        found.waits(ConfigKey.JOURNAL_RESERVE, DaemonConfig::journalReserveBytes);
        found.waits(ConfigKey.WINDOW, DaemonConfig::windowBytes);
        found.waits(ConfigKey.COMPRESSION, DaemonConfig::compressionLevel);
        found.waits(ConfigKey.COMPRESSORS, DaemonConfig::compressors);
        found.waits(ConfigKey.VERIFIERS, DaemonConfig::verifiers);
        found.waits(ConfigKey.LISTEN_ADDRESSES, DaemonConfig::listen);
        found.waits(ConfigKey.LISTEN_INSECURE, config -> config.security().insecureListen());
        found.waits(ConfigKey.LISTEN_BLOCK_MAX, DaemonConfig::maxBlockBytes);
        found.peers();
        found.groups();
        found.waits(Section.REPLICA.header(), DaemonConfig::replicas);
        found.waits(Section.UPS.header(), config -> config.power() == null ? List.of() : config.power().upses());
        found.power();
        return new ConfigChange(merged(running, file), List.copyOf(found.applied), List.copyOf(found.atRestart));
    }

    /** For whoever asked. */
    public String text()
    {
        return (applied.isEmpty() ? "no key has changed; certificates and pins were read again" :
            "taken over: " + String.join(", ", applied)) +
            (atRestart.isEmpty() ? "" : "; changed, and waiting for a restart: " + String.join(", ", atRestart));
    }

    private static DaemonConfig merged(final DaemonConfig running, final DaemonConfig file)
    {
        final DaemonConfig.Security keys = file.security();
        return new DaemonConfig(running.site(), running.state(), running.control(),
            new DaemonConfig.Security(
                keys.certificate(), keys.key(), keys.authority(), running.security().insecureListen()),
            running.journalLimitBytes(), running.journalReserveBytes(), running.windowBytes(),
            running.compressionLevel(), running.compressors(), running.verifiers(), running.listen(),
            running.maxBlockBytes(), peers(running, file), running.groups(), running.replicas(), running.power());
    }

    /** What is known of each peer as the file says; the ways to it as they were. A peer in use stays one. */
    private static List<Peer> peers(final DaemonConfig running, final DaemonConfig file)
    {
        final TreeSet<String> names = new TreeSet<>(file.peers().stream().map(Peer::name).toList());
        names.addAll(running.peers().stream().filter(peer -> !peer.paths().isEmpty()).map(Peer::name).toList());
        return names.stream().map(name ->
        {
            final Peer before = running.peer(name);
            final Peer after = file.peer(name);
            return new Peer(name, before == null ? List.of() : before.paths(),
                before == null ? PathMode.STRIPE : before.mode(),
                after == null ? before.limits() : after.limits(),
                after == null ? List.of() : after.fingerprints(), before != null && before.insecure());
        }).toList();
    }

    private static PeerLimits limits(final Peer peer)
    {
        return peer == null ? PeerLimits.NONE : peer.limits();
    }

    /** Two configurations, and what was found to differ. */
    private static final class Collector
    {
        private final DaemonConfig running;
        private final DaemonConfig file;
        private final TreeSet<String> applied = new TreeSet<>();
        private final TreeSet<String> atRestart = new TreeSet<>();

        Collector(final DaemonConfig running, final DaemonConfig file)
        {
            this.running = running;
            this.file = file;
        }

        void applied(final ConfigKey key, final Function<DaemonConfig, Object> value)
        {
            if (differs(value))
            {
                applied.add(key.dotted());
            }
        }

        void waits(final ConfigKey key, final Function<DaemonConfig, Object> value)
        {
            waits(key.dotted(), value);
        }

        void waits(final String what, final Function<DaemonConfig, Object> value)
        {
            if (differs(value))
            {
                atRestart.add(what);
            }
        }

        void peers()
        {
            for (final String name : names(config -> config.peers().stream().map(Peer::name).toList()))
            {
                if (differs(config -> config.peer(name) == null ? List.of() : config.peer(name).fingerprints()))
                {
                    applied.add(ConfigKey.PEER_FINGERPRINTS.dotted() + " of " + name);
                }
                if (file.peer(name) != null && differs(config -> limits(config.peer(name))))
                {
                    applied.add(ConfigKey.PEER_LIMIT.dotted() + " of " + name);
                }
                waits(ConfigKey.PEER_MODE.dotted() + " of " + name,
                    config -> config.peer(name) == null ? PathMode.STRIPE : config.peer(name).mode());
                waits("[[peer.path]] of " + name,
                    config -> config.peer(name) == null ? List.of() : config.peer(name).paths());
                waits(ConfigKey.PEER_INSECURE.dotted() + " of " + name,
                    config -> config.peer(name) != null && config.peer(name).insecure());
            }
        }

        void groups()
        {
            for (final String name : names(config -> config.groups().stream().map(Group::name).toList()))
            {
                waits("[[group]] " + name, config ->
                    config.groups().stream().filter(group -> group.name().equals(name)).findFirst());
            }
        }

        /** Key by key, since a policy is something that people tune; the agent that acts on it is made once. */
        void power()
        {
            if (running.power() != null && file.power() != null)
            {
                PowerReader.SHOWN.forEach((key, value) -> waits(key, config -> value.apply(config.power())));
            }
        }

        private boolean differs(final Function<DaemonConfig, Object> value)
        {
            return !Objects.equals(value.apply(running), value.apply(file));
        }

        private TreeSet<String> names(final Function<DaemonConfig, List<String>> of)
        {
            final TreeSet<String> names = new TreeSet<>(of.apply(running));
            names.addAll(of.apply(file));
            return names;
        }
    }
}
