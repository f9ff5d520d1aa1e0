package io.farblock.replication.source;

import io.farblock.replication.LinuxQuiesce;
import io.farblock.replication.LinuxStorage;
import io.farblock.replication.SiteLife;
import io.farblock.replication.paths.NettyNetwork;
import io.farblock.replication.paths.Network;
import io.farblock.replication.paths.PathSecurity;
import io.farblock.replication.shaping.PeerLimits;
import io.farblock.replication.status.EpochResult;
import io.farblock.replication.status.SourceStatus;
import io.farblock.replication.status.VerifyResult;
import java.security.SecureRandom;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.SystemNanoClock;

/**
 * The source side of replication to one peer: threads, paths and groups.
 *
 * <p>Construct, {@link #launch()}, {@link #close()} (idempotent). Every method may be called from any thread.
 */
public final class SourceSite implements AutoCloseable
{
    private static final int JITTER_BOUND_NS = (int)TimeUnit.MILLISECONDS.toNanos(100);

    private final SourceConfig config;
    private final PathSecurity security;
    private final SiteLife life = new SiteLife();
    private final Map<String, GroupJob> waiting = new HashMap<>();
    private SourceRuntime runtime;
    private SourceAgents agents;
    private volatile boolean closed;

    /** On this machine's devices and sockets. */
    public SourceSite(final SourceConfig config, final PathSecurity security)
    {
        this.config = config;
        this.security = security;
    }

    /** In a world of its own: launched on it, or stepped by whoever calls {@link #assemble()}. */
    public SourceSite(final SourceConfig config, final SourceRuntime runtime)
    {
        this(config, PathSecurity.PLAINTEXT);
        this.runtime = runtime;
    }

    /**
     * Opens state and devices and starts the threads. A device that cannot be opened is shown in status and tried
     * again at each epoch.
     *
     * @throws IllegalStateException when another process uses the state directory, or it cannot be written.
     */
    public SourceSite launch()
    {
        life.launch(config.stateDirectory(), this::network, () -> assemble().crews());
        return this;
    }

    /** Puts the agents together for somebody else to step. */
    SourceAgents assemble()
    {
        agents = new SourceAgents(config, runtime);
        return agents;
    }

    /**
     * Cuts an epoch of the group now, or joins the one that waits to begin. Completes when the epoch is sealed and
     * applied. While no path is up it waits; a target that restarts makes it start over by itself; a failure that
     * needs the operator (a full target disk, a replica that is too small) completes it with {@code sealed=false}
     * and the reason; a sealed epoch that the target cannot apply now, with {@code sealed=true} and the reason.
     *
     * @throws IllegalArgumentException when there is no such group.
     * @throws IllegalStateException    when too many jobs wait already.
     */
    public CompletableFuture<EpochResult> epochNow(final String group)
    {
        synchronized (waiting)
        {
            final GroupJob queued = waiting.get(group);
            if (queued != null && !queued.begun().get())
            {
                return queued.epoch();
            }
            final GroupJob job = GroupJob.epoch(agents.group(group));
            submit(job);
            waiting.put(group, job);
            return job.epoch();
        }
    }

    /**
     * Reads the replica back on the target, compares it with what was sealed and both sides' trees with each other,
     * and counts what the source holds that is not replicated yet. With {@code repair}, damaged ranges are sent again.
     *
     * @throws IllegalArgumentException when there is no such group.
     * @throws IllegalStateException    when too many jobs wait already.
     */
    public CompletableFuture<VerifyResult> verify(final String group, final boolean repair)
    {
        final GroupJob job = GroupJob.verify(agents.group(group), repair);
        submit(job);
        return job.verify();
    }

    /**
     * Takes a path out of use, or back into it, until the next launch.
     *
     * @throws IllegalArgumentException when there is no such path.
     */
    public void path(final String name, final boolean enabled)
    {
        agents.path(name).disabled(!enabled);
        agents.wake();
    }

    /** Writes down what is marked and not sealed, of every volume whose writes the kernel marks. */
    public CompletableFuture<MarksWritten> persist()
    {
        return agents.persist();
    }

    /** Name of the site that it leads to. */
    public String peer()
    {
        return config.peer();
    }

    /** New rate limits; they take effect within a second. */
    public void limits(final PeerLimits limits)
    {
        agents.limits(limits);
    }

    /** This side's certificate, or what is trusted, has changed: connections that it no longer allows are closed. */
    public void securityChanged()
    {
        runtime.network().securityChanged();
    }

    /** What goes on right now. */
    public SourceStatus status()
    {
        return agents.status();
    }

    /** Completes when something happened that never should: the process has to exit. */
    public CompletableFuture<Throwable> failed()
    {
        return life.failed();
    }

    @Override
    public void close()
    {
        // before the agents end: what is offered earlier they stop, what is offered later nobody would
        closed = true;
        life.close();
    }

    private Network network()
    {
        runtime = runtime == null ? thisMachine() : runtime;
        return runtime.network();
    }

    private SourceRuntime thisMachine()
    {
        // Before anything is read: who waits for a frozen file system should not wait for our first epoch too.
        LinuxQuiesce.thawLeftOver();
        final SecureRandom random = new SecureRandom();
        return new SourceRuntime(
            new NettyNetwork("src-paths", security),
            new LinuxStorage(),
            new LinuxQuiesce(List.of(config.stateDirectory()), SystemNanoClock.INSTANCE),
            SystemNanoClock.INSTANCE,
            SystemEpochClock.INSTANCE,
            ZoneId.systemDefault(),
            random::nextLong,
            ignored -> random.nextInt(JITTER_BOUND_NS));
    }

    private void submit(final GroupJob job)
    {
        if (!agents.offer(job))
        {
            throw new IllegalStateException("too many jobs wait for peer " + config.peer() + ": try again later");
        }
        if (closed)
        {
            job.stop("replication to peer " + config.peer() + " is closed");
        }
    }
}
