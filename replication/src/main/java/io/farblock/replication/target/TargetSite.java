package io.farblock.replication.target;

import io.farblock.replication.Crew;
import io.farblock.replication.LinuxStorage;
import io.farblock.replication.SiteLife;
import io.farblock.replication.paths.NettyNetwork;
import io.farblock.replication.paths.Network;
import io.farblock.replication.paths.PathSecurity;
import io.farblock.replication.paths.Refusal;
import io.farblock.replication.status.SourceStatus.StageStatus;
import io.farblock.replication.status.TargetStatus;
import io.farblock.replication.status.TargetStatus.ReplicaStatus;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.agrona.concurrent.SystemNanoClock;

/**
 * The target side: listens, receives, journals, applies.
 *
 * <p>Construct, {@link #launch()}, {@link #close()} (idempotent). Every method may be called from any thread.
 */
public final class TargetSite implements AutoCloseable
{
    private final TargetConfig config;
    private final PathSecurity security;
    private final Map<String, TargetPeer> peers = new TreeMap<>();
    private final SiteLife life = new SiteLife();
    private TargetRuntime runtime;
    private RefusalLog refusals;

    /** On this machine's devices and sockets. */
    public TargetSite(final TargetConfig config, final PathSecurity security)
    {
        this.config = config;
        this.security = security;
    }

    /** In a world of its own: launched on it, or stepped by whoever calls {@link #assemble()}. */
    public TargetSite(final TargetConfig config, final TargetRuntime runtime)
    {
        this(config, PathSecurity.PLAINTEXT);
        this.runtime = runtime;
    }

    /**
     * Recovers what a crash left (sealed epochs are applied from the journal), opens replicas, listens.
     *
     * @throws IllegalStateException when another process uses the state directory, or an address is taken.
     */
    public TargetSite launch()
    {
        life.launch(config.stateDirectory(), this::network, this::assemble);
        return this;
    }

    /** Recovers, listens, and hands over the agents, for somebody else to step. */
    List<Crew> assemble()
    {
        refusals = new RefusalLog(runtime.clock());
        final TargetWriter writer = new TargetWriter();
        final List<Crew> crews = new ArrayList<>();
        for (final TargetConfig.Replica replica : config.replicas())
        {
            peers.computeIfAbsent(replica.peer(), peer -> new TargetPeer(peer, config, runtime, writer));
        }
        for (final TargetPeer peer : peers.values())
        {
            peer.recover();
            crews.add(peer.crew());
        }
        final TargetConnection.Directory directory = new Peers();
        for (final InetSocketAddress address : config.listen())
        {
            runtime.network().listen(
                address, () -> new TargetConnection(directory, runtime.clock(), writer), refusals);
        }
        return crews;
    }

    /** What goes on right now. */
    public TargetStatus status()
    {
        final List<ReplicaStatus> replicas = new ArrayList<>();
        final List<StageStatus> stages = new ArrayList<>(runtime.network().stages());
        for (final TargetPeer peer : peers.values())
        {
            replicas.addAll(peer.replicaStatus());
            stages.addAll(peer.stageStatus());
        }
        return new TargetStatus(
            config.listen().stream().map(InetSocketAddress::toString).toList(),
            peers.values().stream().map(TargetPeer::sessionStatus).toList(),
            replicas,
            stages,
            refusals.count(),
            refusals.last(),
            refusals.counts());
    }

    /** What is trusted has changed: connections that it no longer allows are closed. */
    public void securityChanged()
    {
        runtime.network().securityChanged();
    }

    /** Completes when something happened that never should: the process has to exit. */
    public CompletableFuture<Throwable> failed()
    {
        return life.failed();
    }

    @Override
    public void close()
    {
        life.close();
        if (refusals != null)
        {
            refusals.close();
        }
    }

    private Network network()
    {
        runtime = runtime == null ? thisMachine() : runtime;
        return runtime.network();
    }

    private TargetRuntime thisMachine()
    {
        return new TargetRuntime(
            new NettyNetwork("tgt-paths", security),
            new LinuxStorage(),
            SystemNanoClock.INSTANCE,
            new SecureRandom().nextLong());
    }

    /** Who may connect. */
    private final class Peers implements TargetConnection.Directory
    {
        @Override
        public PeerReceiver receiverOf(final String site)
        {
            final TargetPeer peer = peers.get(site);
            return peer == null ? null : peer.receiver();
        }

        @Override
        public void refused(final Refusal kind, final String reason)
        {
            refusals.refused(kind, reason);
        }
    }
}
