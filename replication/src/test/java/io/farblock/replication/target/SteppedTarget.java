package io.farblock.replication.target;

import io.farblock.replication.status.TargetStatus;
import java.util.List;
import org.agrona.concurrent.Agent;

/** A target without threads, for a simulation to step; it has recovered and listens when it is constructed. */
public final class SteppedTarget
{
    private final TargetSite site;
    private final List<Agent> agents;

    public SteppedTarget(final TargetConfig config, final TargetRuntime runtime)
    {
        site = new TargetSite(config, runtime);
        agents = site.assemble().stream().flatMap(crew -> crew.agents().stream()).toList();
        agents.forEach(Agent::onStart);
    }

    public List<Agent> agents()
    {
        return agents;
    }

    public TargetStatus status()
    {
        return site.status();
    }

    /** What the kernel does for a dead process: memory and descriptors go; closing a journal writes nothing to it. */
    public void drop()
    {
        agents.forEach(Agent::onClose);
    }
}
