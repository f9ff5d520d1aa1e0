package io.farblock.replication.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole system in one thread from one seed, against everything that can break.
 *
 * <pre>
 *   mvn -pl replication -am -Dtest=SimulationTest -Dsurefire.failIfNoSpecifiedTests=false verify ...
 *     -Drounds=N                 N seeds instead of the short form's
 *     -Drounds=N -Dsim.first=M   N seeds from M on
 *     -Dsim.seed=N               one seed again, with what the engine logs
 * </pre>
 */
@ExtendWith(QuietLog.class)
@Timeout(value = 8, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class SimulationTest
{
    private static final int SHORT_SEEDS = 40;
    private static final int EPOCHS_A_SEED = 6;

    @TempDir
    private Path directory;

    @BeforeAll
    static void removeLeftovers() throws IOException
    {
        Run.removeLeftovers();
    }

    @Test
    void shouldKeepItsPromisesUnderEverySeed() throws IOException
    {
        final Long only = Long.getLong("sim.seed");
        final String rounds = System.getProperty("rounds", "");
        final long seeds = only != null ? 1 : rounds.isEmpty() ? SHORT_SEEDS : Long.parseLong(rounds);
        final long first = only != null ? only : Long.getLong("sim.first", 1);
        final long startNs = System.nanoTime();
        long steps = 0;
        long deaths = 0;
        long checks = 0;
        long narrowed = 0;
        for (long seed = first; seed < first + seeds; seed++)
        {
            try (Run run = new Run(directory, seed))
            {
                runOrExplain(run, seed);
                steps += run.world.steps;
                deaths += run.world.kills;
                checks += run.world.checker.checks();
                narrowed += run.world.narrowedBoots;
            }
        }
        System.err.printf("simulation: %d seeds from %d, %d steps, %d deaths, %d checks, %d narrowed boots, %d ms%n",
            seeds, first, steps, deaths, checks, narrowed, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs));
    }

    @Test
    void shouldRepeatASeedExactly() throws IOException
    {
        for (long seed = 1; seed <= 3; seed++)
        {
            final World first = runToItsEnd(seed);
            final World second = runToItsEnd(seed);

            assertThat(second.network.trace()).isEqualTo(first.network.trace());
            assertThat(second.steps).isEqualTo(first.steps);
        }
    }

    private World runToItsEnd(final long seed) throws IOException
    {
        try (Run run = new Run(directory, seed))
        {
            runOrExplain(run, seed);
            return run.world;
        }
    }

    private static void runOrExplain(final Run run, final long seed)
    {
        try
        {
            run.driver.run(EPOCHS_A_SEED);
        }
        catch (final AssertionError | RuntimeException ex)
        {
            throw new AssertionError("seed " + seed + " (repeat with -Dsim.seed=" + seed + "): " + ex.getMessage() +
                "\n" + run.world.history(), ex);
        }
    }
}
