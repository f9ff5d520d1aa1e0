package io.farblock.blockdev.still;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.LeakCheck;
import io.farblock.blockdev.bpf.Cleanup;
import io.farblock.blockdev.linux.LoopDevice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.agrona.concurrent.SystemNanoClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A freeze that cannot end: its file system has to be written out to an image on another one, which is frozen itself.
 * What happens meanwhile must not leave it frozen when it ends after all.
 */
class SlowFreezeTest
{
    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck("fb-");

    @TempDir
    private Path directory;

    private final Cleanup cleanup = new Cleanup();
    private FreezableLoop below;
    private FreezableLoop above;
    private Process child;

    @BeforeEach
    void stack() throws IOException
    {
        below = cleanup.add(FreezableLoop.on(LoopDevice.create(256 << 20), "ext4"));
        final Path image = below.mountPoint().resolve("image.img");
        LoopDevice.run(List.of("truncate", "-s", "64M", image.toString()));
        above = cleanup.add(FreezableLoop.on(LoopDevice.attach(image), "ext4"));
        Files.write(above.mountPoint().resolve("dirty"), new byte[8 << 20]);
        assertThat(below.byOthers("-f")).isTrue();
    }

    @AfterEach
    void cleanUp() throws Exception
    {
        if (below != null)
        {
            // first: until then the other one can be neither frozen nor thawed
            below.byOthers("-u");
        }
        if (child != null)
        {
            child.toHandle().destroyForcibly();
            child.waitFor();
        }
        cleanup.run();
    }

    @Test
    void shouldThawAfterAKillInTheMiddleOfTheFreeze() throws Exception
    {
        child = FreezingProcess.start(directory, above.device(), SECONDS.toNanos(60), "unsettled");
        FreezingProcess.awaitFreezing(child.toHandle());
        final ProcessHandle watchdog = child.children().findFirst().orElseThrow();
        LoopDevice.run(List.of("kill", "-KILL", String.valueOf(child.pid())));
        // nothing tells that a watchdog goes on waiting but that it does
        assertThat(watchdog.onExit().completeOnTimeout(null, 500, MILLISECONDS).get()).as("still waits").isNull();
        assertThat(above.staysFrozen()).as("the freeze is under way").isTrue();

        below.byOthers("-u");

        assertThat(child.waitFor(10, SECONDS)).isTrue();
        above.assertWritable();
        watchdog.onExit().get(10, SECONDS);
        assertThat(above.byOthers("-u")).as("is frozen").isFalse();
    }

    @Test
    void shouldThawAFreezeThatEndsAfterTheTimeIsUp() throws Exception
    {
        final Freezer freezer = cleanup.add(new Freezer(directory, SystemNanoClock.INSTANCE));
        final CompletableFuture<Frozen> freeze = CompletableFuture.supplyAsync(() -> freeze(freezer));
        FreezingProcess.awaitFreezing(ProcessHandle.current());
        assertThat(above.staysFrozen()).as("for longer than the limit").isTrue();

        below.byOthers("-u");

        final Frozen frozen = freeze.get(10, SECONDS);
        above.assertWritable();
        assertThat(frozen.thaw()).as("the cut is void").isFalse();
    }

    private Frozen freeze(final Freezer freezer)
    {
        try
        {
            return freezer.freeze(List.of(above.device()), MILLISECONDS.toNanos(100));
        }
        catch (final IOException ex)
        {
            throw new AssertionError(ex);
        }
    }
}
