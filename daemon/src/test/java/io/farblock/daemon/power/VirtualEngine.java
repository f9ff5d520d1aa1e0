package io.farblock.daemon.power;

import io.farblock.daemon.engine.Engine;
import io.farblock.replication.status.EpochResult;
import io.farblock.replication.status.SourceStatus;
import io.farblock.replication.status.SourceStatus.GroupStatus;
import io.farblock.replication.status.SourceStatus.PathStatus;
import io.farblock.replication.status.SourceStatus.PauseStatus;
import io.farblock.replication.status.SourceStatus.VolumeStatus;
import io.farblock.replication.status.TargetStatus;
import io.farblock.replication.status.VerifyResult;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/**
 * Replication in virtual time: groups that are written to at a rate, peers that carry one epoch after the other at
 * another. What an epoch took at its cut waits until it is sealed, and waits again when the engine closes before. One
 * thread.
 */
final class VirtualEngine implements Engine
{
    private static final double NS_PER_SECOND = 1e9;

    final Map<String, Group> groups = new LinkedHashMap<>();
    final List<String> began = new ArrayList<>();
    final List<String> sealed = new ArrayList<>();
    private final Map<String, Double> rates = new LinkedHashMap<>();
    private final Map<String, Queue<Job>> queues = new LinkedHashMap<>();
    boolean open = true;
    private long nowNs;

    /** One group; sizes in bytes. */
    static final class Group
    {
        final String name;
        final String peer;
        final long fixedNs;
        double writesPerSecond;
        double live;
        double pending;
        /** Whether the kernel marks its writes; else nobody knows what waits. */
        boolean isMarked = true;
        EpochResult last;
        private long epoch;

        private Group(final String name, final String peer, final double writesPerSecond, final long fixedNs)
        {
            this.name = name;
            this.peer = peer;
            this.writesPerSecond = writesPerSecond;
            this.fixedNs = fixedNs;
        }

        double waiting()
        {
            return live + pending;
        }
    }

    private static final class Job
    {
        private final Group group;
        private final CompletableFuture<EpochResult> asked = new CompletableFuture<>();
        private boolean begun;
        private long beganNs;
        private long endNs;

        private Job(final Group group)
        {
            this.group = group;
        }
    }

    VirtualEngine(final long nowNs)
    {
        this.nowNs = nowNs;
    }

    Group add(final String name, final String peer, final double writesPerSecond, final double fixedSeconds)
    {
        final Group group = new Group(name, peer, writesPerSecond, (long)(fixedSeconds * NS_PER_SECOND));
        groups.put(name, group);
        queues.putIfAbsent(peer, new ArrayDeque<>());
        return group;
    }

    void rate(final String peer, final double bytesPerSecond)
    {
        rates.put(peer, bytesPerSecond);
    }

    double waiting()
    {
        return groups.values().stream().mapToDouble(Group::waiting).sum();
    }

    void advanceTo(final long newNowNs)
    {
        final double seconds = (newNowNs - nowNs) / NS_PER_SECOND;
        nowNs = newNowNs;
        groups.values().forEach(group -> group.live += group.writesPerSecond * seconds);
        queues.values().forEach(this::work);
    }

    private void work(final Queue<Job> queue)
    {
        final Job job = queue.peek();
        if (job == null || !open)
        {
            return;
        }
        if (!job.begun)
        {
            job.begun = true;
            job.beganNs = nowNs;
            job.group.pending = job.group.live;
            job.group.live = 0;
            job.endNs = nowNs + job.group.fixedNs +
                (long)(job.group.pending / rates.get(job.group.peer) * NS_PER_SECOND);
            began.add(job.group.name);
        }
        else if (nowNs - job.endNs >= 0)
        {
            queue.remove();
            final long bytes = (long)job.group.pending;
            job.group.pending = 0;
            sealed.add(job.group.name);
            job.group.last = result(job.group, true, "", bytes, nowNs - job.beganNs);
            job.asked.complete(job.group.last);
        }
    }

    private static EpochResult result(
        final Group group, final boolean sealed, final String reason, final long bytes, final long elapsedNs)
    {
        return new EpochResult(group.name, ++group.epoch, sealed, reason, "crash", "", bytes, bytes, bytes, bytes, 0,
            elapsedNs);
    }

    @Override
    public List<String> groups()
    {
        return List.copyOf(groups.keySet());
    }

    @Override
    public List<SourceStatus> sources()
    {
        return queues.keySet().stream().map(peer -> new SourceStatus(peer, "1", List.of(new PathStatus("p", "", "",
            "up", "", 1, rates.get(peer).longValue(), 0, 0, true, 0, 0, 0, 0, 1, 0, 0, false, 0)),
            groups.values().stream().filter(group -> group.peer.equals(peer)).map(this::status).toList(), List.of()))
            .toList();
    }

    private GroupStatus status(final Group group)
    {
        final Job job = queues.get(group.peer).peek();
        final boolean runs = job != null && job.group == group && job.begun;
        return new GroupStatus(group.name, runs ? "send" : "idle", "", 0, group.epoch, "crash", 0, 0, 0, 0, 0, 0,
            runs ? nowNs - job.beganNs : 0, group.last, "live", new PauseStatus(0, 0, 0, 0, 0, 0),
            List.of(new VolumeStatus("d", "/dev/d", 1L << 40, 65536, group.isMarked ? "bpf" : "scan", "", "",
                List.of(), null, List.of(), null, group.isMarked ? (long)group.waiting() : -1)));
    }

    @Override
    public TargetStatus target()
    {
        return null;
    }

    @Override
    public CompletableFuture<EpochResult> epochNow(final String group)
    {
        if (!open)
        {
            throw new IllegalStateException("closed");
        }
        final Job job = new Job(groups.get(group));
        queues.get(job.group.peer).add(job);
        work(queues.get(job.group.peer));
        return job.asked;
    }

    @Override
    public CompletableFuture<VerifyResult> verify(final String group, final boolean repair)
    {
        throw new UnsupportedOperationException();
    }

    @Override
    public void path(final String peer, final String path, final boolean enabled)
    {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close()
    {
        open = false;
        for (final Queue<Job> queue : queues.values())
        {
            for (Job job = queue.poll(); job != null; job = queue.poll())
            {
                job.group.live += job.group.pending;
                job.group.pending = 0;
                job.asked.complete(result(job.group, false, "replication stops at this site", 0, 0));
            }
        }
    }
}
