package io.farblock.replication.sim;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A flush of a digest table fails and loses some of its pages; the next flush has nothing left to do and succeeds. A
 * table that is believed then says that a block has the digest of long ago: brought back to that content, the block
 * is never sent again.
 */
@ExtendWith(QuietLog.class)
final class FailedTableFlushTest
{
    private static final int SECTOR_BYTES = 512;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(longs = {3, 6})
    void shouldNotBelieveTheSourcesTable(final long seed) throws IOException
    {
        shouldNotBelieve(seed, world -> world.sourceDisks);
    }

    @ParameterizedTest
    @ValueSource(longs = {3, 6})
    void shouldNotBelieveTheTargetsTable(final long seed) throws IOException
    {
        shouldNotBelieve(seed, world -> world.targetDisks);
    }

    private void shouldNotBelieve(final long seed, final Function<World, Map<Path, SimDisk>> site) throws IOException
    {
        try (Run run = new Run(directory, seed))
        {
            final World world = run.world;
            assumeThat(world.scenario.sizes[0] / world.scenario.blockBytes).as("two levels").isGreaterThan(130);
            run.driver.start();
            for (int round = 1; round < 8; round++)
            {
                fill(world, 2 * round);
                run.driver.calmEpoch();
                fill(world, 2 * round + 1);
                world.table(site.apply(world), 0).flushFails = true;
                run.driver.calmEpochOfABrokenDisk();
                world.killSource(SimNetwork.Death.FIN);
                world.killTarget(SimNetwork.Death.FIN);
                world.startTarget(0);
                world.startSource();
                fill(world, 2 * round);

                run.driver.calmEpoch();
            }
        }
    }

    /** Writes to one block, and to others so that pages differ. */
    private static void fill(final World world, final int value)
    {
        final byte[] sector = new byte[SECTOR_BYTES];
        Arrays.fill(sector, (byte)value);
        world.sourceDisk(0).write(0, sector);
    }
}
