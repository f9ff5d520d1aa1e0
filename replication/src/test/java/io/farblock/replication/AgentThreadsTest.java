package io.farblock.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.concurrent.Agent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class AgentThreadsTest
{
    @Test
    void shouldLetGoOfAnAgentAlthoughSomebodyKeepsItsThread() throws Exception
    {
        final AtomicReference<Thread> kept = new AtomicReference<>();

        final WeakReference<Agent> agent = runOnce(kept);

        kept.get().join();
        final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (agent.get() != null && System.nanoTime() < deadline)
        {
            System.gc();
        }
        assertThat(agent.get()).isNull();
        assertThat(kept.get().isAlive()).isFalse();
    }

    private static WeakReference<Agent> runOnce(final AtomicReference<Thread> kept) throws InterruptedException
    {
        final CountDownLatch worked = new CountDownLatch(1);
        final Agent agent = new Agent()
        {
            @Override
            public int doWork()
            {
                worked.countDown();
                return 0;
            }

            @Override
            public String roleName()
            {
                return "kept";
            }
        };
        try (AgentThreads threads = new AgentThreads())
        {
            threads.launch(agent, new Wakeup(), (work) ->
            {
                kept.set(new Thread(work));
                return kept.get();
            });
            worked.await();
        }
        return new WeakReference<>(agent);
    }
}
