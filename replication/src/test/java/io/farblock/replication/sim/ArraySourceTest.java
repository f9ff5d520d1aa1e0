package io.farblock.replication.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole system in one thread from one seed, and the volumes are arrays whose disks fail and are rebuilt all the
 * time: whatever is sealed is what the array's owner wrote. {@code -Drounds=N} takes N seeds, {@code -Dsim.seed=N}
 * repeats one.
 */
@ExtendWith(QuietLog.class)
final class ArraySourceTest
{
    private static final long SHORT_SEEDS = 6;
    private static final int EPOCHS_A_SEED = 5;

    @TempDir
    private Path directory;
    private int failed;
    private int returned;
    private int lost;

    @Test
    void shouldSealWhatTheOwnersOfArraysWrote() throws IOException
    {
        final String rounds = System.getProperty("rounds", "");
        final Long only = Long.getLong("sim.seed");
        final long first = only != null ? only : Long.getLong("sim.first", 1);
        final long seeds = only != null ? 1 : rounds.isEmpty() ? SHORT_SEEDS : Long.parseLong(rounds);
        for (long seed = first; seed < first + seeds; seed++)
        {
            try (Run run = Run.onArrays(directory, seed))
            {
                runOrExplain(run, seed);
            }
        }

        System.err.printf("arrays: %d seeds from %d, %d disks failed, %d were added, %d stretches lost%n",
            seeds, first, failed, returned, lost);
        assertThat(failed).isGreaterThan((int)seeds);
        assertThat(returned).isGreaterThan((int)seeds);
    }

    private void runOrExplain(final Run run, final long seed)
    {
        try
        {
            run.driver.run(EPOCHS_A_SEED);
            for (int i = 0; i < run.world.scenario.sizes.length; i++)
            {
                final SimArray array = run.world.sourceDisk(i).array;
                failed += array.failed;
                returned += array.returned;
                lost += array.lost;
            }
        }
        catch (final AssertionError | RuntimeException ex)
        {
            throw new AssertionError("seed " + seed + " (repeat with -Dsim.seed=" + seed + "): " + ex.getMessage() +
                "\n" + run.world.history(), ex);
        }
    }
}
