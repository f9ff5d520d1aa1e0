package io.farblock.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.concurrent.Agent;
import org.junit.jupiter.api.Test;

/** How agents' threads wait for each other's work. */
final class WakeupTest
{
    private static final int ROUND_TRIPS = 2_000;
    /** Nobody gets up by himself here. */
    private static final long FOR_EVER_NS = TimeUnit.DAYS.toNanos(1);

    @Test
    void shouldHandOverAllWorkWhetherTheOtherSleepsOrNot()
    {
        final AtomicInteger ball = new AtomicInteger();
        final AtomicInteger trips = new AtomicInteger();
        final Wakeup wakeup = new Wakeup(FOR_EVER_NS);
        try (AgentThreads threads = new AgentThreads())
        {
            threads.launch(new Player("ping", ball, 0, trips), wakeup, Thread::new);
            threads.launch(new Player("pong", ball, 1, trips), wakeup, Thread::new);
            final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (trips.get() < ROUND_TRIPS && System.nanoTime() < deadline)
            {
                Thread.onSpinWait();
            }
        }

        assertThat(trips.get()).isGreaterThanOrEqualTo(ROUND_TRIPS);
    }

    @Test
    void shouldWakeAThreadThatSleeps() throws InterruptedException
    {
        final AtomicInteger asked = new AtomicInteger();
        final AtomicInteger answered = new AtomicInteger();
        final Wakeup wakeup = new Wakeup(FOR_EVER_NS);
        try (AgentThreads threads = new AgentThreads())
        {
            final Thread[] started = new Thread[1];
            threads.launch(new Answering(asked, answered), wakeup, work -> started[0] = new Thread(work));
            for (int i = 1; i <= 100; i++)
            {
                while (started[0].getState() != Thread.State.TIMED_WAITING)
                {
                    Thread.onSpinWait();
                }
                asked.set(i);
                wakeup.signal();
                final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
                while (answered.get() < i && System.nanoTime() < deadline)
                {
                    Thread.onSpinWait();
                }
                assertThat(answered.get()).isEqualTo(i);
            }
        }
    }

    /** Hits the ball when it is on its side. */
    private record Player(String roleName, AtomicInteger ball, int side, AtomicInteger trips) implements Agent
    {
        @Override
        public int doWork()
        {
            if (ball.get() % 2 != side)
            {
                return 0;
            }
            trips.incrementAndGet();
            ball.incrementAndGet();
            return 1;
        }
    }

    /** Answers what it is asked. */
    private record Answering(AtomicInteger asked, AtomicInteger answered) implements Agent
    {
        @Override
        public int doWork()
        {
            final int question = asked.get();
            if (answered.get() == question)
            {
                return 0;
            }
            answered.set(question);
            return 1;
        }

        @Override
        public String roleName()
        {
            return "answering";
        }
    }
}
