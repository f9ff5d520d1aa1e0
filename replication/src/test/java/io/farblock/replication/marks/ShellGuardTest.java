package io.farblock.replication.marks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process that takes the promise back. */
class ShellGuardTest
{
    @TempDir
    private Path directory;
    private Path one;
    private Path two;

    @BeforeEach
    void promise() throws Exception
    {
        one = Files.createFile(directory.resolve("one kept"));
        two = Files.createFile(directory.resolve("two"));
    }

    @Test
    void shouldTakeThePromiseBackWhenItIsClosed()
    {
        final KeepGuard guard = ShellGuard.start(List.of(one, two, directory.resolve("never there")));
        guard.beat();
        assertThat(guard.isWatching()).isTrue();
        assertThat(one).exists();

        guard.close();

        assertThat(guard.isWatching()).isFalse();
        assertThat(one).doesNotExist();
        assertThat(two).doesNotExist();
    }

    @Test
    void shouldTakeThePromiseBackWhenItHearsNothing()
    {
        final KeepGuard guard = ShellGuard.start(List.of(one));
        final long beganNs = System.nanoTime();
        guard.beat();

        await(() -> !Files.exists(one));

        assertThat(System.nanoTime() - beganNs).isBetween(TimeUnit.SECONDS.toNanos(KeepGuard.PATIENCE_S) - 1,
            TimeUnit.MILLISECONDS.toNanos(ResumeCase.PROMISE_MS) * 3);
        assertThat(two).exists();
        await(() -> !guard.isWatching());
        guard.beat();
        guard.close();
    }

    @Test
    void shouldWatchAsLongAsItHearsSomething()
    {
        final KeepGuard guard = ShellGuard.start(List.of(one));
        final long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(KeepGuard.PATIENCE_S + 1);
        while (System.nanoTime() < endNs)
        {
            guard.beat();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }

        assertThat(one).exists();
        guard.close();
    }

    private static void await(final BooleanSupplier condition)
    {
        final long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean())
        {
            assertThat(System.nanoTime()).isLessThan(endNs);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }
}
