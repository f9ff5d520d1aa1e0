package io.farblock.daemon.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.linux.Images;
import io.farblock.replication.status.EpochResult;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A line that changes bits on their way: the connection is given up, another takes its place, the epoch seals. */
@Timeout(120)
class FlippedBitTest
{
    private static final int FLIPS = 3;

    @TempDir
    private Path directory;

    @Test
    void shouldReplaceTheConnectionAndSealTheSameContent() throws Exception
    {
        try (TwoDaemons daemons = new TwoDaemons(directory))
        {
            Images.mixed(daemons.image, 24 << 20, new Random(31));
            daemons.start();
            // so slow that the epoch goes on until the last flip, though a machine stands still for some seconds
            daemons.limit(512 << 10);
            final CompletableFuture<EpochResult> epoch = daemons.epochBegun();

            for (int i = 1; i <= FLIPS; i++)
            {
                daemons.awaitWireBytes((long)i << 19);
                Deadline.await("the line is up", 20, () ->
                    daemons.source.status().sources().get(0).paths().get(0).state().equals("up"));
                daemons.north.flip();
                final int flipped = i;
                Deadline.await("the connection is given up", 20, () -> found(daemons) >= flipped);
            }
            daemons.limit(0);

            daemons.sealed(epoch);
            assertThat(found(daemons)).as("each of them ended a connection").isGreaterThanOrEqualTo(FLIPS);
            assertThat(daemons.logs()).contains("bytes were changed on their way");
        }
    }

    /** Which end names the reason depends on whether the alert or the end of the connection is first. */
    private static long found(final TwoDaemons daemons)
    {
        final String log = daemons.source.log();
        return log.substring(log.indexOf("state=begin")).lines()
            .filter(line -> line.contains("path=north state=DOWN")).count();
    }
}
