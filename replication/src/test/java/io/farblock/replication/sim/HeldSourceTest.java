package io.farblock.replication.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sources that are frozen, stopped or read from a snapshot while somebody writes at every opportunity, also where he
 * should not: what is called one instant has to be one. {@code -Drounds=N} takes N seeds.
 */
@ExtendWith(QuietLog.class)
final class HeldSourceTest
{
    private static final long SHORT_SEEDS = 25;
    private static final int EPOCHS_A_SEED = 10;

    @TempDir
    private Path directory;

    @Test
    void shouldCallNothingAnInstantThatWasNone() throws IOException
    {
        final String rounds = System.getProperty("rounds", "");
        final Long only = Long.getLong("sim.seed");
        final long first = only != null ? only : 1;
        final long seeds = only != null ? 1 : rounds.isEmpty() ? SHORT_SEEDS : Long.parseLong(rounds);
        int instants = 0;
        for (long seed = first; seed < first + seeds; seed++)
        {
            try (Run run = new Run(directory, seed, true))
            {
                instants += stir(run, seed);
            }
        }

        assertThat(instants).as("epochs of one instant").isGreaterThan((int)seeds);
    }

    private static int stir(final Run run, final long seed)
    {
        try
        {
            return run.driver.stir(EPOCHS_A_SEED);
        }
        catch (final AssertionError | RuntimeException ex)
        {
            throw new AssertionError("seed " + seed + " (repeat with -Dsim.seed=" + seed + "): " + ex.getMessage() +
                "\n" + run.world.history(), ex);
        }
    }
}
