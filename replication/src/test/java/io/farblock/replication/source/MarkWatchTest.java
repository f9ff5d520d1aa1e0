package io.farblock.replication.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farblock.replication.TestStorage;
import io.farblock.replication.marks.FakeMarks;
import io.farblock.replication.marks.KeepGuard;
import io.farblock.replication.paths.PathMode;
import io.farblock.replication.shaping.PeerLimits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.SystemNanoClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** While a site rests, its maps are kept as by a source, and nobody else may have its state. */
@Timeout(60)
class MarkWatchTest
{
    private static final SourceConfig.Group GROUP = new SourceConfig.Group("g", List.of(new SourceConfig.Volume(
        "v", Path.of("/volume"), 65_536, Tracking.BPF, null)), CutPlan.live());

    @TempDir
    private Path directory;
    private final FakeMarks tracker = new FakeMarks(1 << 20);
    private volatile boolean guardClosed;

    @Test
    void shouldGiveThePromiseAndLeaveItToItsGuardInTheEnd()
    {
        final Path kept = config(Tracking.BPF).directory(GROUP, GROUP.volumes().get(0)).resolve("kept");
        tracker.live.set(1);

        try (MarkWatch watch = watch(Tracking.BPF).launch())
        {
            await(() -> Files.exists(kept));
            assertThat(watch).as("who has the state now").isNotNull();
            assertThatThrownBy(() -> watch(Tracking.BPF).launch()).isInstanceOf(IllegalStateException.class);
        }

        assertThat(guardClosed).isTrue();
        watch(Tracking.BPF).launch().close();
    }

    @Test
    void shouldHaveNothingToDoWhereTheKernelMarksNothing()
    {
        try (MarkWatch watch = watch(Tracking.SCAN).launch(); MarkWatch other = watch(Tracking.SCAN).launch())
        {
            assertThat(directory).isEmptyDirectory();
            assertThat(watch).isNotSameAs(other);
        }
    }

    private MarkWatch watch(final Tracking tracking)
    {
        return new MarkWatch(config(tracking),
            new MarkedStorage(new TestStorage(), tracker, new Guard()), SystemNanoClock.INSTANCE);
    }

    private SourceConfig config(final Tracking tracking)
    {
        final SourceConfig.Volume volume = GROUP.volumes().get(0);
        return new SourceConfig("alpha", directory, "beta", List.of(), PathMode.STRIPE, PeerLimits.NONE,
            List.of(new SourceConfig.Group("g", List.of(new SourceConfig.Volume(
                volume.name(), volume.device(), volume.blockBytes(), tracking, null)), GROUP.cut())), 1, 1, 1 << 20);
    }

    private static void await(final BooleanSupplier condition)
    {
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean())
        {
            assertThat(System.nanoTime()).isLessThan(deadlineNs);
            Thread.onSpinWait();
        }
    }

    /** Watches until it is closed. */
    private final class Guard implements KeepGuard
    {
        @Override
        public boolean isWatching()
        {
            return true;
        }

        @Override
        public void beat()
        {
            // heard
        }

        @Override
        public void close()
        {
            guardClosed = true;
        }
    }
}
