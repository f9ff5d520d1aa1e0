package io.farblock.replication.source;

import io.farblock.replication.status.EpochResult;
import io.farblock.replication.status.SourceStatus;
import io.farblock.replication.status.VerifyResult;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.agrona.concurrent.Agent;

/** A source without threads, for a simulation to step. */
public final class SteppedSource
{
    private final SourceSite site;
    private final List<Agent> agents;

    public SteppedSource(final SourceConfig config, final SourceRuntime runtime)
    {
        site = new SourceSite(config, runtime);
        agents = site.assemble().crews().stream().flatMap(crew -> crew.agents().stream()).toList();
        agents.forEach(Agent::onStart);
    }

    public List<Agent> agents()
    {
        return agents;
    }

    public CompletableFuture<EpochResult> epochNow(final String group)
    {
        return site.epochNow(group);
    }

    public CompletableFuture<VerifyResult> verify(final String group, final boolean repair)
    {
        return site.verify(group, repair);
    }

    public void path(final String name, final boolean enabled)
    {
        site.path(name, enabled);
    }

    public SourceStatus status()
    {
        return site.status();
    }

    /** What the kernel does for a dead process: memory and descriptors go, nothing is written. */
    public void drop()
    {
        agents.forEach(Agent::onClose);
    }
}
