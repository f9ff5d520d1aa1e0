package io.farblock.replication.target;

import io.farblock.replication.Crew;
import io.farblock.replication.Wakeup;
import io.farblock.replication.journal.JournalSegment;
import io.farblock.replication.status.SourceStatus.StageStatus;
import io.farblock.replication.status.TargetStatus.ReplicaStatus;
import io.farblock.replication.status.TargetStatus.SessionStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.agrona.concurrent.Agent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything a target has for one source site, put together and not yet running: whoever has it steps its
 * {@link #crew()} after {@link #recover()}.
 */
final class TargetPeer
{
    private static final Logger LOG = LoggerFactory.getLogger("farblock.target");

    private final String peer;
    private final TargetConfig config;
    private final List<ReplicaGroup> groups = new ArrayList<>();
    private final List<ReplicaVolume> volumes = new ArrayList<>();
    private final List<VerifyStage> verifiers = new ArrayList<>();
    private final Wakeup wakeup = new Wakeup();
    private final PeerReceiver receiver;
    private final ApplyStage apply;

    TargetPeer(final String peer, final TargetConfig config, final TargetRuntime runtime, final TargetWriter writer)
    {
        this.peer = peer;
        this.config = config;
        final Path directory = config.stateDirectory().resolve(peer);
        final TreeMap<String, List<ReplicaVolume>> byGroup = new TreeMap<>();
        for (final TargetConfig.Replica replica : config.replicas())
        {
            if (replica.peer().equals(peer))
            {
                final ReplicaVolume volume = new ReplicaVolume(
                    replica, directory.resolve(replica.group()).resolve(replica.volume()), runtime.storage());
                volumes.add(volume);
                byGroup.computeIfAbsent(replica.group(), name -> new ArrayList<>()).add(volume);
            }
        }
        byGroup.forEach((name, members) -> groups.add(new ReplicaGroup(
            name, List.copyOf(members), directory.resolve(name).resolve("journal"), config, runtime.storage().sync())));
        final TargetRing ring = new TargetRing(config.windowBytes(), config.maxBlockBytes(), config.verifiers());
        for (int i = 0; i < config.verifiers(); i++)
        {
            verifiers.add(new VerifyStage(ring, i));
        }
        receiver = new PeerReceiver(peer, ring, runtime.incarnation(), writer, wakeup);
        apply = new ApplyStage(ring, receiver, groups, volumes, runtime);
    }

    /**
     * Opens what an earlier life left: an epoch that was sealed is applied, one that was not is thrown away. A replica
     * that cannot be opened now is shown in status and tried again when its source asks.
     */
    void recover()
    {
        for (final ReplicaVolume volume : volumes)
        {
            try
            {
                volume.reopen();
            }
            catch (final IOException | RuntimeException ex)
            {
                LOG.warn("replica volume={} state=unusable reason=\"{}\"", volume.config().volume(), ex.getMessage());
                volume.blocked(ex.getMessage());
            }
        }
        for (final ReplicaGroup group : groups)
        {
            try
            {
                recover(group);
                group.volumes().stream().filter(ReplicaVolume::isOpen).forEach(ReplicaVolume::spotCheck);
            }
            catch (final IOException | RuntimeException ex)
            {
                LOG.error("group={} state=failed reason=\"{}\"", group.name(), ex.getMessage());
                group.volumes().forEach(volume -> volume.fail(ex.getMessage()));
            }
        }
    }

    Crew crew()
    {
        final List<Agent> agents = new ArrayList<>(verifiers);
        agents.add(apply);
        return new Crew(agents, wakeup);
    }

    PeerReceiver receiver()
    {
        return receiver;
    }

    List<ReplicaStatus> replicaStatus()
    {
        final List<ReplicaStatus> result = new ArrayList<>();
        for (final ReplicaGroup group : groups)
        {
            for (final ReplicaVolume volume : group.volumes())
            {
                result.add(new ReplicaStatus(
                    peer, group.name(), volume.config().volume(), volume.config().device().toString(),
                    volume.state().name().toLowerCase(Locale.ROOT), volume.reason(), volume.sizeBytes(),
                    volume.sealedEpoch(), volume.appliedEpoch(), volume.consistency().text(), volume.root(),
                    group.journalBytes()));
            }
        }
        return result;
    }

    SessionStatus sessionStatus()
    {
        return new SessionStatus(
            peer, receiver.session(), receiver.live(), receiver.receivedBytes(), receiver.duplicates());
    }

    List<StageStatus> stageStatus()
    {
        final List<StageStatus> stages = new ArrayList<>();
        verifiers.forEach(stage -> stages.add(stage.meter().status()));
        stages.add(apply.meter().status());
        return stages;
    }

    private void recover(final ReplicaGroup group) throws IOException
    {
        for (final Path left : group.leftSegments())
        {
            final long epoch = ReplicaGroup.epochOf(left).orElse(0L);
            if (group.volumes().stream().allMatch(volume -> volume.hasApplied(epoch)))
            {
                JournalSegment.delete(left);
            }
            else
            {
                recover(group, left, epoch);
            }
        }
    }

    private void recover(final ReplicaGroup group, final Path left, final long epoch) throws IOException
    {
        final JournalSegment segment = JournalSegment.open(left);
        for (final ReplicaVolume volume : group.volumes())
        {
            while (volume.isOpen() && volume.isRehashing() && volume.isSeeding())
            {
                volume.rehashStep();
            }
        }
        final SegmentCheck check = new SegmentCheck(group, segment, config.maxBlockBytes());
        switch (check.run())
        {
            case UNSEALED ->
            {
                LOG.info("epoch peer={} group={} epoch={} state=dropped reason=\"never sealed\"", peer, group.name(),
                    epoch);
                segment.delete();
            }
            case DAMAGED ->
            {
                segment.close();
                throw new IOException("journal " + left + ": epoch " + epoch + " is sealed, but its records are " +
                    "damaged or a replica of the group is missing; nothing of it was applied");
            }
            case SEALED ->
            {
                LOG.info("epoch peer={} group={} epoch={} state=recovering", peer, group.name(), epoch);
                group.adoptSegment(segment);
                apply.recover(group, epoch, check.consistency());
            }
        }
    }
}
