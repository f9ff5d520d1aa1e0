package io.farblock.daemon.config;

import io.farblock.daemon.power.PowerPolicy;
import io.farblock.replication.identity.Fingerprint;
import io.farblock.replication.paths.PathConfig;
import io.farblock.replication.paths.PathMode;
import io.farblock.replication.shaping.PeerLimits;
import io.farblock.replication.source.CutPlan;
import io.farblock.replication.source.SourceConfig;
import io.farblock.replication.target.TargetConfig;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The whole configuration, checked. Immutable; made by {@link ConfigReader}, and only when nothing is wrong.
 *
 * @param security what this site proves itself with, and whose word it takes.
 * @param listen   where this site listens; empty when it is no target.
 * @param peers    sites that it sends to, or knows by their certificates.
 * @param groups   what it sends.
 * @param replicas what it receives.
 * @param power    what it does about the power; null when it knows no UPS.
 */
public record DaemonConfig(
    String site,
    Path state,
    Path control,
    Security security,
    long journalLimitBytes,
    long journalReserveBytes,
    int windowBytes,
    int compressionLevel,
    int compressors,
    int verifiers,
    List<InetSocketAddress> listen,
    int maxBlockBytes,
    List<Peer> peers,
    List<Group> groups,
    List<TargetConfig.Replica> replicas,
    PowerPolicy power)
{
    /**
     * Another site.
     *
     * @param paths        routes to it; empty when nothing is sent there.
     * @param mode         how the routes share the work.
     * @param limits       what may go there, and on which route.
     * @param fingerprints it is known by these certificates, besides those that were pinned by pairing.
     * @param insecure     whether everything is sent to it in clear.
     */
    public record Peer(String name, List<PathConfig> paths, PathMode mode, PeerLimits limits,
        List<Fingerprint> fingerprints, boolean insecure)
    {
    }

    /**
     * Files, all absolute; null where the key is absent.
     *
     * @param certificate    with {@code key}, this site's identity; both are null when it keeps one of its own making.
     * @param authority      certificates whose word counts.
     * @param insecureListen whether everything arrives in clear.
     */
    public record Security(Path certificate, Path key, Path authority, boolean insecureListen)
    {
    }

    /**
     * A consistency group. {@code interval} is null when its epochs come only on demand; {@code cut} is how they come
     * to one instant, {@code power} what it has of its own when the current stops.
     */
    public record Group(String name, String peer, Duration interval, CutPlan cut, PowerPolicy.OfGroup power,
        List<SourceConfig.Volume> volumes)
    {
    }

    /**
     * One source per peer. Each has a directory of its own below {@code state}, since the engine locks the directory
     * that it is given and two peers must not meet in one.
     */
    public List<SourceConfig> sources()
    {
        return peers.stream().filter(this::isSentTo).map(peer -> new SourceConfig(
            site,
            state.resolve("source").resolve(peer.name()),
            peer.name(),
            peer.paths(),
            peer.mode(),
            peer.limits(),
            groups.stream().filter(group -> group.peer().equals(peer.name()))
                .map(group -> new SourceConfig.Group(group.name(), group.volumes(), group.cut())).toList(),
            compressionLevel,
            compressors,
            windowBytes)).toList();
    }

    /** The sites that replicas come from. */
    public Set<String> senders()
    {
        return replicas.stream().map(TargetConfig.Replica::peer).collect(Collectors.toCollection(TreeSet::new));
    }

    /** A site's table, or null when there is none. */
    public Peer peer(final String name)
    {
        return peers.stream().filter(peer -> peer.name().equals(name)).findFirst().orElse(null);
    }

    private boolean isSentTo(final Peer peer)
    {
        return groups.stream().anyMatch(group -> group.peer().equals(peer.name()));
    }

    /** The target, if this site listens. */
    public Optional<TargetConfig> target()
    {
        return listen.isEmpty() ? Optional.empty() : Optional.of(new TargetConfig(
            site, state.resolve("target"), listen, replicas, journalLimitBytes, journalReserveBytes, verifiers,
            windowBytes, maxBlockBytes));
    }
}
