package io.farblock.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farblock.daemon.config.ConfigFile;
import io.farblock.daemon.config.DaemonConfig;
import io.farblock.daemon.control.AlreadyRunningException;
import io.farblock.daemon.control.ControlClient;
import io.farblock.daemon.control.Request;
import io.farblock.daemon.engine.FakeEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.SystemNanoClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A daemon's life over a fake engine. */
@Timeout(30)
class DaemonTest
{
    @TempDir
    private Path directory;
    private final FakeEngine engine = new FakeEngine();
    private DaemonConfig config;

    @BeforeEach
    void configure() throws Exception
    {
        config = ConfigFile.read(Files.writeString(directory.resolve("f.toml"), """
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
            interval = "1h"
            [[group.volume]]
            name = "d"
            device = "/dev/null"
            """.formatted(directory, directory)));
    }

    @AfterEach
    void shouldLeaveNoThread()
    {
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (Thread.getAllStackTraces().keySet().stream().anyMatch(thread ->
            thread.getName().equals("control") || thread.getName().equals("schedule")))
        {
            assertThat(System.nanoTime()).isLessThan(deadlineNs);
            Thread.onSpinWait();
        }
        assertThat(config.control()).doesNotExist();
    }

    @Test
    void shouldServeStatusAndBeginEpochsByItself() throws Exception
    {
        try (Daemon daemon = daemon().launch(); ControlClient client = ControlClient.open(config.control()))
        {
            assertThat(client.ask(Request.status(), progress -> { }).status().site()).isEqualTo("alpha");
            assertThat(daemon.status().target()).isNull();
            final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            while (engine.epochsAsked.get() == 0)
            {
                assertThat(System.nanoTime()).isLessThan(deadlineNs);
                Thread.onSpinWait();
            }
        }
        assertThat(engine.closes).hasValue(1);
    }

    @Test
    void shouldRefuseASecondCopyAndLeaveTheFirstAlone() throws Exception
    {
        try (Daemon first = daemon().launch())
        {
            assertThatThrownBy(() -> daemon().launch()).isInstanceOf(AlreadyRunningException.class);

            assertThat(first.status().site()).isEqualTo("alpha");
            assertThat(config.control()).exists();
        }
    }

    @Test
    void shouldTellThatTheEngineIsBroken()
    {
        try (Daemon daemon = daemon().launch())
        {
            assertThat(daemon.failed()).isNotDone();

            engine.failure.complete(new IllegalStateException("two and two are five"));

            assertThat(daemon.failed()).isCompletedWithValueMatching(
                broken -> broken.getMessage().equals("two and two are five"));
        }
    }

    @Test
    void shouldGiveUpTheSocketWhenTheEngineCannotStart()
    {
        final Daemon daemon = new Daemon(config, unused ->
        {
            throw new IllegalStateException("state directory is in use");
        }, SystemNanoClock.INSTANCE);

        assertThatThrownBy(daemon::launch).hasMessage("state directory is in use");
    }

    private Daemon daemon()
    {
        return new Daemon(config, unused -> engine, SystemNanoClock.INSTANCE);
    }
}
