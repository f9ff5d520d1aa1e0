package io.farblock.replication;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs agents, each on a thread that carries its name. An exception that an agent lets out is a broken invariant: it
 * is logged, every agent here stops working, and {@link #failed()} tells the process to exit, so that nothing is
 * acknowledged after it.
 *
 * <p>Launch and close belong to one thread.
 */
public final class AgentThreads implements AutoCloseable
{
    private static final Logger LOG = LoggerFactory.getLogger("farblock.agents");
    private static final int CLOSE_TIMEOUT_MS = 5_000;

    private final List<AgentRunner> runners = new ArrayList<>();
    private final CompletableFuture<Throwable> failed = new CompletableFuture<>();

    /** Starts a thread for the agent, made by the factory. */
    public void launch(final Agent agent, final ThreadFactory threads)
    {
        final AgentRunner runner = new AgentRunner(
            idleStrategy(), ex -> onBroken(agent, ex), null, new Fused(agent));
        runners.add(runner);
        AgentRunner.startOnThread(runner, work ->
        {
            final Thread thread = threads.newThread(work);
            thread.setName(agent.roleName());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Completes with the first thing that should never have happened. */
    public CompletableFuture<Throwable> failed()
    {
        return failed;
    }

    @Override
    public void close()
    {
        for (int i = runners.size() - 1; i >= 0; i--)
        {
            runners.get(i).close(CLOSE_TIMEOUT_MS, thread -> LOG.warn("agent={} state=stuck", thread.getName()));
        }
        runners.clear();
    }

    private void onBroken(final Agent agent, final Throwable ex)
    {
        LOG.error("agent={} state=broken", agent.roleName(), ex);
        failed.complete(ex);
    }

    /**
     * Few cores, many stages: spinning would take the processor from the stage that has the work. A stage parks about
     * as long as it has been idle already: microseconds in a running epoch, milliseconds between epochs.
     */
    private static IdleStrategy idleStrategy()
    {
        return new BackoffIdleStrategy(0, 4, TimeUnit.MICROSECONDS.toNanos(20), TimeUnit.MILLISECONDS.toNanos(8));
    }

    /** Does nothing more once anything here is broken. */
    private final class Fused implements Agent
    {
        private final Agent agent;

        Fused(final Agent agent)
        {
            this.agent = agent;
        }

        @Override
        public void onStart()
        {
            agent.onStart();
        }

        @Override
        public int doWork() throws Exception
        {
            return failed.isDone() ? 0 : agent.doWork();
        }

        @Override
        public void onClose()
        {
            agent.onClose();
        }

        @Override
        public String roleName()
        {
            return agent.roleName();
        }
    }
}
