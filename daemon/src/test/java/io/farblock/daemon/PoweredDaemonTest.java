package io.farblock.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farblock.blockdev.still.ProcessRunner;
import io.farblock.daemon.config.ConfigFile;
import io.farblock.daemon.config.DaemonConfig;
import io.farblock.daemon.control.ControlClient;
import io.farblock.daemon.control.ControlException;
import io.farblock.daemon.control.ExitCode;
import io.farblock.daemon.control.Request;
import io.farblock.daemon.engine.FakeEngine;
import io.farblock.daemon.power.PowerStatus;
import io.farblock.daemon.power.UpsFeed;
import io.farblock.daemon.power.UpsState;
import io.farblock.daemon.power.UpsStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.SystemNanoClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A daemon's own threads when the current stops, over a fake engine and UPS: what is decided is tested elsewhere. */
@Timeout(60)
class PoweredDaemonTest
{
    @TempDir
    private Path directory;
    private final FakeEngine engine = new FakeEngine();
    private final AtomicInteger launches = new AtomicInteger();
    private final AtomicInteger rests = new AtomicInteger();
    private final AtomicInteger restsEnded = new AtomicInteger();
    private volatile Runnable onLaunch = () -> { };
    private volatile UpsState state = UpsState.ONLINE;
    private Daemon daemon;

    @AfterEach
    void shouldLeaveNoThread()
    {
        daemon.close();
        await(() -> Thread.getAllStackTraces().keySet().stream().map(Thread::getName).noneMatch(
            List.of("control", "schedule", "power", "power-hook")::contains));
        assertThat(restsEnded).hasValue(rests.get());
    }

    @Test
    void shouldRestAndSayWhyAndGoOn() throws Exception
    {
        start("resume_after = \"0s\"\n");

        state = UpsState.FORCED_SHUTDOWN;
        await(() -> "resting".equals(power().phase()));
        try (ControlClient client = ControlClient.open(directory.resolve("c.sock")))
        {
            assertThatThrownBy(() -> client.ask(Request.epoch("vms", true), progress -> { }))
                .isInstanceOfSatisfying(ControlException.class,
                    refused -> assertThat(refused.exit()).isEqualTo(ExitCode.NOT_NOW.number()))
                .hasMessageContaining("standing down: forced-shutdown (cellar forced-shutdown)");
        }
        assertThat(engine.closes).hasValue(1);
        assertThat(rests).hasValue(1);
        state = UpsState.ONLINE;
        await(() -> "running".equals(power().phase()));

        assertThat(launches).hasValue(2);
        assertThat(daemon.status().sources()).hasSize(1);
    }

    @Test
    void shouldCloseWhileItStandsDown() throws Exception
    {
        final CountDownLatch closing = new CountDownLatch(1);
        final CountDownLatch released = new CountDownLatch(1);
        engine.onClose = () ->
        {
            closing.countDown();
            join(released);
        };
        start("");
        state = UpsState.FORCED_SHUTDOWN;
        closing.await();

        final CompletableFuture<Void> closed = CompletableFuture.runAsync(daemon::close);
        assertThat(closed).isNotDone();
        released.countDown();

        closed.get(20, TimeUnit.SECONDS);
        assertThat(engine.closes).as("once").hasValue(1);
    }

    @Test
    void shouldCloseAnEngineThatWasLaunchedMeanwhile() throws Exception
    {
        final CountDownLatch launching = new CountDownLatch(1);
        final CountDownLatch released = new CountDownLatch(1);
        start("resume_after = \"0s\"\n");
        onLaunch = () ->
        {
            launching.countDown();
            join(released);
        };
        state = UpsState.FORCED_SHUTDOWN;
        await(() -> "resting".equals(power().phase()));
        state = UpsState.ONLINE;
        launching.await();

        final CompletableFuture<Void> closed = CompletableFuture.runAsync(daemon::close);
        released.countDown();
        closed.get(20, TimeUnit.SECONDS);

        assertThat(engine.closes).as("the first and the second").hasValue(2);
    }

    @Test
    void shouldEndAHookThatHangs() throws Exception
    {
        start("stopped = [\"/bin/sleep\", \"600\"]\nhook_limit = \"200ms\"\n");

        state = UpsState.FORCED_SHUTDOWN;
        await(() -> "resting".equals(power().phase()));

        assertThat(power().events().get(power().events().size() - 1).text()).contains("took too long");
    }

    @Test
    void shouldCloseThoughAHookHangs() throws Exception
    {
        start("stopped = [\"/bin/sleep\", \"600\"]\nhook_limit = \"1h\"\n");
        state = UpsState.FORCED_SHUTDOWN;
        await(() -> "hook".equals(power().phase()));

        daemon.close();

        // killed, and so gone in a moment
        await(() -> ProcessHandle.current().descendants().noneMatch(
            process -> process.info().commandLine().orElse("").contains("sleep 600")));
    }

    @Test
    void shouldSayThatAHookCannotBeRun() throws Exception
    {
        start("changed = [\"/nowhere/at/all\"]\n");

        state = UpsState.FORCED_SHUTDOWN;

        await(() -> power().events().stream().anyMatch(event -> event.kind().equals("hook") &&
            event.text().contains("cannot run /nowhere/at/all")));
    }

    @Test
    void shouldTakeALastEpochWhenItIsEndedOnBattery() throws Exception
    {
        engine.epoch.complete(FakeEngine.sealed(1));
        start("on_battery = []\n");
        state = UpsState.ON_BATTERY;
        await(() -> "on-battery".equals(power().state()));
        final int before = engine.epochsAsked.get();

        daemon.close();

        assertThat(engine.epochsAsked).hasValue(before + 1);
        assertThat(engine.closes).hasValue(1);
    }

    @Test
    void shouldNotWaitLongForALastEpoch() throws Exception
    {
        start("on_battery = []\n");
        state = UpsState.ON_BATTERY;
        await(() -> "on-battery".equals(power().state()));

        daemon.close();

        assertThat(engine.closes).hasValue(1);
    }

    /** As when too many jobs wait, or the engine is taken out between two questions. */
    @Test
    void shouldCloseTheEngineThoughTheLastEpochIsRefused() throws Exception
    {
        start("on_battery = []\n");
        state = UpsState.ON_BATTERY;
        await(() -> "on-battery".equals(power().state()));
        engine.refusesEpochs = new IllegalStateException("too many jobs wait");

        daemon.close();

        assertThat(engine.closes).hasValue(1);
        assertThat(directory.resolve("c.sock")).doesNotExist();
    }

    @Test
    void shouldTakeNoLastEpochOnMains() throws Exception
    {
        start("");
        await(() -> "online".equals(power().state()));
        final int before = engine.epochsAsked.get();

        daemon.close();

        assertThat(engine.epochsAsked).hasValue(before);
    }

    private void start(final String keys) throws Exception
    {
        final DaemonConfig config = ConfigFile.read(Files.writeString(directory.resolve("f.toml"), """
            site = "alpha"
            state = "%s/state"
            control = "%s/c.sock"
            [[peer]]
            name = "beta"
            insecure = true
            [[peer.path]]
            name = "p"
            remote = "127.0.0.1:1"
            [[group]]
            name = "vms"
            peer = "beta"
            [[group.volume]]
            name = "d"
            device = "/dev/null"
            [[ups]]
            name = "cellar"
            ups = "x"
            poll = "100ms"
            [power]
            debounce = "200ms"
            last_epoch = "1s"
            """.formatted(directory, directory) + keys));
        daemon = new Daemon(config, () -> config, new DaemonContext(unused ->
        {
            launches.incrementAndGet();
            onLaunch.run();
            return engine;
        }, unused ->
        {
            rests.incrementAndGet();
            return restsEnded::incrementAndGet;
        }, upses -> new Feed(), new ProcessRunner(SystemNanoClock.INSTANCE), SystemNanoClock.INSTANCE,
            SystemEpochClock.INSTANCE)).launch();
        await(() -> power() != null && "online".equals(power().state()));
    }

    private PowerStatus power()
    {
        return daemon.status().power();
    }

    private static void await(final BooleanSupplier condition)
    {
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean())
        {
            assertThat(System.nanoTime()).isLessThan(deadlineNs);
            Thread.onSpinWait();
        }
    }

    private static void join(final CountDownLatch latch)
    {
        try
        {
            latch.await();
        }
        catch (final InterruptedException stopped)
        {
            Thread.currentThread().interrupt();
        }
    }

    /** Says what the test says, at once. */
    private final class Feed implements UpsFeed
    {
        @Override
        public List<UpsStatus> upses()
        {
            final long nowNs = System.nanoTime();
            return List.of(new UpsStatus("cellar", state, false, 1, 90, 600_000_000_000L, 30, "", nowNs, nowNs, ""));
        }

        @Override
        public void close()
        {
            // nothing is open
        }
    }
}
