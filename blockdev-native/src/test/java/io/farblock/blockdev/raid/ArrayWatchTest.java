package io.farblock.blockdev.raid;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.LeakCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The watch over files that lie still; that a kernel wakes it is shown in a guest, by ArrayWatchProbe. */
class ArrayWatchTest
{
    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck();

    @TempDir
    Path root;

    @Test
    void shouldWaitForNoLongerThanItWasTold() throws IOException
    {
        StateFixture.unpack(root, "raid1-clean");
        try (ArrayWatch watch = new ArrayWatch(new MdSysfs(root), root, "md0"))
        {
            assertThat(watch.await(1)).isZero();
            assertThat(watch.read().state()).isEqualTo(ArrayState.CLEAN);
        }
    }

    @Test
    void shouldSeeAnArrayAppearAndVanish() throws IOException
    {
        try (ArrayWatch watch = new ArrayWatch(new MdSysfs(root), root, "md0"))
        {
            final int before = watch.await(0);
            final Path directory = StateFixture.unpack(root, "raid1-clean");
            final int appeared = watch.await(0);
            final int after = watch.await(0);
            for (final String attribute : new String[] {"array_state", "sync_action", "degraded"})
            {
                Files.delete(directory.resolve(attribute));
            }
            final int vanished = watch.await(0);

            assertThat(new int[] {before, appeared, after, vanished}).containsExactly(0, 1, 0, 1);
            assertThat(watch.read().state()).isEqualTo(ArrayState.GONE);
        }
    }
}
