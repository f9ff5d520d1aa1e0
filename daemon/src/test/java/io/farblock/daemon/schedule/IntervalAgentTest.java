package io.farblock.daemon.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.farblock.daemon.engine.FakeEngine;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

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
    void shouldSayOnceThatAnEpochIsLateAndOnceWhyEpochsFail()
    {
        final ListAppender<ILoggingEvent> log = new ListAppender<>();
        final Logger logger = (Logger)LoggerFactory.getLogger(IntervalAgent.class);
        // the test log is quiet
        logger.setLevel(Level.WARN);
        logger.addAppender(log);
        log.start();
        try
        {
            agent.add("vms", Duration.ofSeconds(10));
            step(4);
            engine.epoch.complete(FakeEngine.failed("peer full"));
            step(3);
            engine.epoch = CompletableFuture.completedFuture(FakeEngine.failed("peer fuller"));
            step(2);

            assertThat(log.list).extracting(event -> event.getFormattedMessage().split(" interval| epoch")[0])
                .containsExactly("epoch-late group=vms", "epoch-failed group=vms", "epoch-failed group=vms");
            assertThat(log.list.get(2).getFormattedMessage()).contains("peer fuller");
        }
        finally
        {
            logger.detachAppender(log);
            logger.setLevel(null);
        }
    }

    private void step(final int intervals)
    {
        for (int i = 0; i < intervals; i++)
        {
            agent.doWork();
            nowNs += Duration.ofSeconds(10).toNanos();
        }
    }

    @Test
    void shouldCountAShorterIntervalFromTheLastEpochAndForgetItAgain()
    {
        engine.epoch.complete(FakeEngine.sealed(1));
        agent.add("vms", Duration.ofSeconds(100));
        agent.doWork();
        nowNs += Duration.ofSeconds(50).toNanos();

        agent.shorten("vms", Duration.ofSeconds(30));
        assertThat(agent.doWork()).as("overdue by now").isEqualTo(1);
        nowNs += Duration.ofSeconds(30).toNanos();
        assertThat(agent.doWork()).isEqualTo(1);
        agent.shorten("vms", null);
        nowNs += Duration.ofSeconds(99).toNanos();
        assertThat(agent.doWork()).isZero();
        nowNs += Duration.ofSeconds(1).toNanos();

        assertThat(agent.doWork()).isEqualTo(1);
    }

    @Test
    void shouldBeginWhatWasCalledForAfterWhatRuns()
    {
        agent.addOnDemand("vms");
        assertThat(agent.doWork()).as("on demand").isZero();
        agent.callFor("vms");
        assertThat(agent.doWork()).isEqualTo(1);

        agent.callFor("vms");
        assertThat(agent.doWork()).isZero();
        engine.epoch.complete(FakeEngine.sealed(1));

        assertThat(agent.doWork()).isEqualTo(1);
        assertThat(agent.doWork()).as("once").isZero();
    }

    @Test
    void shouldKeepAGroupDueWhileItsGateIsClosed()
    {
        engine.epoch.complete(FakeEngine.sealed(1));
        agent.add("vms", Duration.ofSeconds(10));
        agent.gate(group -> false);
        step(5);
        assertThat(agent.isDue("vms")).isTrue();

        agent.gate("vms"::equals);

        assertThat(agent.doWork()).isEqualTo(1);
        assertThat(agent.isDue("vms")).isFalse();
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
