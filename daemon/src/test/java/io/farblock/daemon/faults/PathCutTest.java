package io.farblock.daemon.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.linux.Images;
import io.farblock.replication.status.EpochResult;
import io.farblock.replication.status.SourceStatus.PathStatus;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One line or both are cut in mid-epoch. */
@Timeout(120)
class PathCutTest
{
    private static final long MID_EPOCH_BYTES = 1 << 20;

    @TempDir
    private Path directory;
    private TwoDaemons daemons;

    @BeforeEach
    void start() throws Exception
    {
        daemons = new TwoDaemons(directory);
        Images.mixed(daemons.image, 24 << 20, new Random(8));
        daemons.start();
        daemons.limit(3 << 20);
    }

    @AfterEach
    void stop() throws Exception
    {
        daemons.close();
    }

    @Test
    void shouldSealOverTheOtherLine() throws Exception
    {
        final CompletableFuture<EpochResult> asked = daemons.epochBegun();
        daemons.awaitWireBytes(MID_EPOCH_BYTES);
        // As good as nothing: what is sent over north from now on is lost with it.
        daemons.north.limit(512);
        Deadline.await("north carries more than a heartbeat", 20, () -> path("north").inFlightBytes() > 4096);

        daemons.north.cut();
        Deadline.await("north is seen to be down", 20, () -> !"up".equals(path("north").state()));
        assertThat(asked).as("still in mid-epoch").isNotDone();
        daemons.limit(0);
        daemons.sealed(asked);

        assertThat(path("north").reason()).isNotEmpty();
        assertThat(path("south").state()).isEqualTo("up");
        assertThat(path("south").resentFrames()).as("what north had lost").isPositive();
    }

    @Test
    void shouldWaitAndSayWhyWhileBothAreCut() throws Exception
    {
        final CompletableFuture<EpochResult> asked = daemons.epochBegun();
        daemons.awaitWireBytes(MID_EPOCH_BYTES);

        daemons.cutBoth();
        Deadline.await("status says that it waits", 20, () -> "waiting".equals(daemons.group().phase()));
        assertThat(daemons.group().reason()).contains("no path is up", "north: ", "south: ");
        Deadline.await("and what is wrong with it", 20, () -> daemons.group().reason().contains("cannot connect"));
        assertThat(asked).isNotDone();
        daemons.limit(0);
        daemons.south.mend();
        daemons.sealed(asked);

        assertThat(daemons.group().reason()).isEmpty();
        assertThat(path("south").state()).isEqualTo("up");
    }

    private PathStatus path(final String name)
    {
        return daemons.source.status().sources().get(0).paths().stream()
            .filter(path -> path.name().equals(name)).findFirst().orElseThrow();
    }
}
