package io.farblock.daemon.config;

import io.farblock.replication.paths.PathConfig;
import io.farblock.replication.paths.PathMode;
import io.farblock.replication.source.CutPlan;
import io.farblock.replication.source.SourceConfig;
import io.farblock.replication.target.TargetConfig;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The whole configuration, checked. Immutable; made by {@link ConfigReader}, and only when nothing is wrong.
 *
 * @param listen   where this site listens; empty when it is no target.
 * @param peers    sites that it sends to.
 * @param groups   what it sends.
 * @param replicas what it receives.
 */
public record DaemonConfig(
    String site,
    Path state,
    Path control,
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
    List<TargetConfig.Replica> replicas)
{
    /** A site that groups are sent to. */
    public record Peer(String name, List<PathConfig> paths, PathMode mode)
    {
    }

    /**
     * A consistency group. {@code interval} is null when its epochs come only on demand; {@code cut} is how they come
     * to one instant.
     */
    public record Group(String name, String peer, Duration interval, CutPlan cut, List<SourceConfig.Volume> volumes)
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
            groups.stream().filter(group -> group.peer().equals(peer.name()))
                .map(group -> new SourceConfig.Group(group.name(), group.volumes(), group.cut())).toList(),
            compressionLevel,
            compressors,
            windowBytes)).toList();
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
