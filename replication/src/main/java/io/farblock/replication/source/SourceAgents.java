package io.farblock.replication.source;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.replication.Crew;
import io.farblock.replication.Wakeup;
import io.farblock.replication.paths.Network;
import io.farblock.replication.paths.Path;
import io.farblock.replication.paths.PathConfig;
import io.farblock.replication.shaping.PeerLimits;
import io.farblock.replication.shaping.Shaper;
import io.farblock.replication.status.SourceStatus;
import io.farblock.replication.status.SourceStatus.PathStatus;
import io.farblock.replication.status.SourceStatus.StageStatus;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * All parts of a source, put together and not yet running: whoever has them steps its {@link #crew()}, on threads or
 * one after the other.
 */
final class SourceAgents
{
    private static final int HAND_OVER_BYTES = 1 << 20;
    private static final int JOBS_WAITING = 256;
    /** A tenth of these agents' second. */
    private static final long BESIDE_SLEEP_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final SourceConfig config;
    private final NanoClock clock;
    private final Network network;
    private final List<SourceGroup> groups = new ArrayList<>();
    private final List<Path> paths = new ArrayList<>();
    private final List<CompressStage> compressors = new ArrayList<>();
    private final ManyToOneConcurrentArrayQueue<GroupJob> jobs = new ManyToOneConcurrentArrayQueue<>(JOBS_WAITING);
    private final Wakeup wakeup = new Wakeup();
    private final Shaper shaper;
    private final SourceSession session;
    private final HashStage hash;
    private final SendStage send;
    private final EpochAgent epoch;
    private final MarksAgent marks;
    private final ArraysAgent arrays;

    SourceAgents(final SourceConfig config, final SourceRuntime runtime)
    {
        this.config = config;
        this.clock = runtime.clock();
        this.network = runtime.network();
        int blockBytes = 0;
        for (final SourceConfig.Group group : config.groups())
        {
            final List<SourceVolume> volumes = new ArrayList<>();
            for (final SourceConfig.Volume volume : group.volumes())
            {
                volumes.add(new SourceVolume(
                    volume,
                    config.directory(group, volume),
                    runtime.storage()));
                blockBytes = Math.max(blockBytes, volume.blockBytes());
            }
            final ApplicationRest rest = new ApplicationRest(
                group.name(), group.cut(), runtime.quiesce(), config.stateDirectory().resolve(group.name()),
                runtime.storage().sync());
            groups.add(new SourceGroup(group.name(), List.copyOf(volumes), group.cut(), rest));
        }
        shaper = new Shaper(
            config.limits(), config.paths().stream().map(PathConfig::name).toList(), runtime.wall(), runtime.zone(),
            clock.nanoTime());
        for (int i = 0; i < config.paths().size(); i++)
        {
            paths.add(new Path(config.paths().get(i), i, shaper));
        }
        final SourceRing ring = new SourceRing(config.windowBytes(), blockBytes, config.compressors());
        final ByteBuffer requestMemory = handOver();
        final OneToOneRingBuffer requests = new OneToOneRingBuffer(new UnsafeBuffer(requestMemory));
        final OneToOneRingBuffer replies = new OneToOneRingBuffer(new UnsafeBuffer(handOver()));
        session = new SourceSession(runtime.random());
        final PeerMessages messages = new PeerMessages(config, paths, session, replies, requestMemory, wakeup);
        hash = new HashStage(ring);
        for (int i = 0; i < config.compressors(); i++)
        {
            compressors.add(new CompressStage(ring, i, config.compressionLevel()));
        }
        send = new SendStage(ring, session, paths, config.mode(), messages, requests, runtime);
        epoch = new EpochAgent(
            groups, ring, session, send, new PeerRequests(requests, replies, clock), jobs, runtime);
        final List<SourceVolume> volumes = groups.stream().flatMap(group -> group.volumes().stream()).toList();
        marks = new MarksAgent(volumes.stream().filter(volume -> volume.config().tracking() == Tracking.BPF)
            .map(SourceVolume::marks).toList(), runtime);
        arrays = new ArraysAgent(volumes, runtime);
    }

    /** The pipeline, and beside it what nobody waits for. */
    List<Crew> crews()
    {
        return List.of(crew(), new Crew(List.of(marks, arrays), new Wakeup(BESIDE_SLEEP_NS)));
    }

    private Crew crew()
    {
        final List<Agent> agents = new ArrayList<>(List.of(epoch, hash));
        agents.addAll(compressors);
        agents.add(send);
        return new Crew(agents, wakeup);
    }

    SourceGroup group(final String name)
    {
        return groups.stream().filter(group -> group.name().equals(name)).findFirst().orElseThrow(() ->
            new IllegalArgumentException("group " + name + " is not one of " +
                groups.stream().map(SourceGroup::name).toList()));
    }

    /** Hands a job over; false when too many wait already. */
    boolean offer(final GroupJob job)
    {
        final boolean taken = jobs.offer(job);
        wakeup.signal();
        return taken;
    }

    /** New limits, which take effect within a second. */
    void limits(final PeerLimits limits)
    {
        shaper.replace(limits);
    }

    /** Has what is marked and not sealed written down. */
    CompletableFuture<MarksWritten> persist()
    {
        return marks.persist();
    }

    /** Something was set that an agent should look at. */
    void wake()
    {
        wakeup.signal();
    }

    SourceStatus status()
    {
        final List<StageStatus> stages = new ArrayList<>(List.of(epoch.meter().status(), hash.meter().status()));
        compressors.forEach(stage -> stages.add(stage.meter().status()));
        stages.add(send.meter().status());
        stages.addAll(network.stages());
        final String noPath = send.readySession() < 0 ? send.waitingFor() : null;
        return new SourceStatus(
            config.peer(),
            Long.toString(session.serial()),
            paths.stream().map(this::statusOf).toList(),
            groups.stream().map(group -> group.status(clock.nanoTime(), noPath)).toList(),
            stages);
    }

    private static ByteBuffer handOver()
    {
        return AlignedBuffers.allocate(HAND_OVER_BYTES + RingBufferDescriptor.TRAILER_LENGTH);
    }

    private PathStatus statusOf(final Path path)
    {
        return new PathStatus(
            path.config().name(),
            Objects.toString(path.config().local(), ""),
            String.valueOf(path.config().remote()),
            path.state().name().toLowerCase(Locale.ROOT),
            path.reason(),
            path.rttNs(),
            path.deliveryBytesPerSecond(),
            path.sentBytes(),
            path.resentFrames(),
            network.isEncrypted(),
            path.rttVariationNs(),
            path.inFlightBytes(),
            path.receivedBytes(),
            path.sentFrames(),
            path.connections(),
            path.suspicions(),
            path.config().cost(),
            path.config().metered(),
            path.limitBytesPerSecond());
    }

    /** The path of that name. */
    Path path(final String name)
    {
        return paths.stream().filter(path -> path.config().name().equals(name)).findFirst().orElseThrow(() ->
            new IllegalArgumentException("path " + name + " is not one of " +
                paths.stream().map(path -> path.config().name()).toList()));
    }
}
