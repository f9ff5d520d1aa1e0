package io.farblock.replication.sim;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A checker that cannot fail checks nothing: each is shown one lie that it must see. */
@ExtendWith(QuietLog.class)
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class CheckersTest
{
    private static final long SEED = 1;

    @TempDir
    private Path directory;

    @Test
    void shouldSeeAWriteThatTheReplicaForgot() throws IOException
    {
        try (Run run = begun())
        {
            run.world.replicaDisk(0).ignoreWrite = 1;

            assertThatThrownBy(() -> repeat(() -> changedEpoch(run))).hasMessageContaining("the replica differs");
        }
    }

    @Test
    void shouldSeeThatSealedIsNotDurable() throws IOException
    {
        try (Run run = begun())
        {
            run.world.replicaDisk(0).ignoreFlush = true;

            assertThatThrownBy(() -> repeat(() ->
            {
                changedEpoch(run);
                run.world.cutTarget();
                run.world.startTarget(0);
            })).hasMessageContaining("no cut that it could be");
        }
    }

    @Test
    void shouldSeeAMixtureAfterARestart() throws IOException
    {
        try (Run run = begun())
        {
            final byte[] sector = new byte[512];
            Arrays.fill(sector, (byte)0x5A);
            run.world.killTarget(SimNetwork.Death.FIN);
            run.world.replicaDisk(0).write(0, sector);

            assertThatThrownBy(() -> run.world.startTarget(0)).hasMessageContaining("no cut that it could be");
        }
    }

    @Test
    void shouldSeeThatNothingMoves() throws IOException
    {
        try (Run run = begun())
        {
            run.world.scenario.paths.forEach(path -> path.swallowBytes = 120);

            assertThatThrownBy(() -> repeat(() -> changedEpoch(run))).hasMessageContaining("no progress");
        }
    }

    /** A run with one epoch behind it. */
    private Run begun() throws IOException
    {
        final Run run = new Run(directory, SEED);
        run.driver.start();
        changedEpoch(run);
        return run;
    }

    private static void changedEpoch(final Run run)
    {
        run.driver.change(8);
        run.driver.calmEpoch();
    }

    private static void repeat(final Runnable action)
    {
        for (int i = 0; i < 10; i++)
        {
            action.run();
        }
    }
}
