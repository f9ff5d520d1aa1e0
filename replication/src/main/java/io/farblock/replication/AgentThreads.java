package io.farblock.replication;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
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

    /** Starts a thread for the agent, made by the factory; it is woken with the others of {@code wakeup}. */
    public void launch(final Agent agent, final Wakeup wakeup, final ThreadFactory threads)
    {
        final AgentRunner runner = new AgentRunner(
            wakeup.join(), ex -> onBroken(agent, ex), null, new Fused(agent, wakeup));
        runners.add(runner);
        AgentRunner.startOnThread(runner, work ->
        {
            final Thread thread = threads.newThread(new Once(work));
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
     * Lets go of what it runs when it begins. Whoever keeps a thread that has ended would otherwise keep its agents and
     * their buffers: from Java 25 on a thread no longer forgets its runnable, and the Disruptor, with assertions on,
     * keeps every thread that ever published.
     */
    private static final class Once implements Runnable
    {
        private Runnable work;

        Once(final Runnable work)
        {
            this.work = work;
        }

        @Override
        public void run()
        {
            final Runnable now = work;
            work = null;
            now.run();
        }
    }

    /** Wakes the others when it had work; does nothing more once anything here is broken. */
    private final class Fused implements Agent
    {
        private final Agent agent;
        private final Wakeup wakeup;

        Fused(final Agent agent, final Wakeup wakeup)
        {
            this.agent = agent;
            this.wakeup = wakeup;
        }

        @Override
        public void onStart()
        {
            agent.onStart();
        }

        @Override
        public int doWork() throws Exception
        {
            final int work = failed.isDone() ? 0 : agent.doWork();
            if (work > 0)
            {
                wakeup.signal();
            }
            return work;
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
