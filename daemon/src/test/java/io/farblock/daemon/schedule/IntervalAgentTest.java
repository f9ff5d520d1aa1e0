package io.farblock.daemon.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.daemon.engine.FakeEngine;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Epochs by an injected clock. */
class IntervalAgentTest
{
    private final FakeEngine engine = new FakeEngine();
    private long nowNs = Long.MAX_VALUE - 5;
    private final IntervalAgent agent = new IntervalAgent(engine, () -> nowNs);

    @Test
    void shouldAskAtOnceAndThenEachInterval()
    {
        engine.epoch.complete(FakeEngine.sealed(1));
        agent.add("vms", Duration.ofSeconds(10));

        assertThat(agent.doWork()).isEqualTo(1);
        nowNs += Duration.ofSeconds(9).toNanos();
        assertThat(agent.doWork()).isZero();
        nowNs += Duration.ofSeconds(1).toNanos();
        assertThat(agent.doWork()).isEqualTo(1);
    }

    @Test
    void shouldNotDoubleAnEpochThatStillRuns()
    {
        agent.add("vms", Duration.ofSeconds(10));
        agent.doWork();
        nowNs += Duration.ofSeconds(10).toNanos();

        assertThat(agent.doWork()).isZero();

        engine.epoch.complete(FakeEngine.failed("peer full"));
        nowNs += Duration.ofSeconds(10).toNanos();
        assertThat(agent.doWork()).isEqualTo(1);
    }

    @Test
    void shouldGoOnAfterAnEngineThatThrows()
    {
        engine.epoch = CompletableFuture.failedFuture(new IllegalStateException("broken"));
        agent.add("vms", Duration.ofSeconds(10));
        agent.doWork();
        nowNs += Duration.ofSeconds(10).toNanos();

        assertThat(agent.doWork()).isEqualTo(1);
    }
}
