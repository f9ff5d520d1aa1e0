package io.farblock.daemon.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.linux.Images;
import io.farblock.replication.status.EpochResult;
import io.farblock.replication.status.TargetStatus;
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
            daemons.limit(2 << 20);
            final CompletableFuture<EpochResult> epoch = daemons.epochBegun();

            for (int i = 1; i <= FLIPS; i++)
            {
                daemons.awaitWireBytes((long)i << 20);
                Deadline.await("the line is up", 20, () ->
                    daemons.source.status().sources().get(0).paths().get(0).state().equals("up"));
                daemons.north.flip();
                final int flipped = i;
                Deadline.await("the changed bit is found", 20, () -> target(daemons).refusedFrames() >= flipped);
            }
            daemons.limit(0);

            daemons.sealed(epoch);
            assertThat(target(daemons).refusals()).containsEntry("frame", (long)FLIPS);
            assertThat(daemons.target.log()).contains("bytes that were changed on their way, as TLS found");
        }
    }

    private static TargetStatus target(final TwoDaemons daemons)
    {
        return daemons.target.status().target();
    }
}
