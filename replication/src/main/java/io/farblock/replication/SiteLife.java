package io.farblock.replication;

import io.farblock.replication.paths.Network;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * What one side of replication holds while it runs: the lock on its state, its network, its threads. Closed in the
 * order in which nothing works on what is gone: first nothing arrives any more, then the agents stop and close what
 * they own, then another process may take the state.
 *
 * <p>Launched once, by one thread; close may be called from any thread and more than once.
 */
public final class SiteLife implements AutoCloseable
{
    private final AgentThreads threads = new AgentThreads();
    private StateLock lock;
    private Network network;

    /**
     * Begins. What a failure leaves behind is closed.
     *
     * @param network asked for once the state is ours.
     * @param crews   put together once there is a network; each agent gets a thread.
     * @throws IllegalStateException when another process uses the state directory, or it cannot be written.
     */
    public void launch(
        final Path stateDirectory, final Supplier<Network> network, final Supplier<List<Crew>> crews)
    {
        lock = StateLock.take(stateDirectory);
        try
        {
            this.network = network.get();
            for (final Crew crew : crews.get())
            {
                crew.agents().forEach(agent -> threads.launch(agent, crew.wakeup(), this.network.threads()));
            }
        }
        catch (final RuntimeException ex)
        {
            close();
            throw ex;
        }
    }

    /** Completes when something happened that never should: the process has to exit. */
    public CompletableFuture<Throwable> failed()
    {
        return threads.failed();
    }

    @Override
    public synchronized void close()
    {
        if (network != null)
        {
            network.close();
            network = null;
        }
        threads.close();
        if (lock != null)
        {
            lock.close();
            lock = null;
        }
    }
}
