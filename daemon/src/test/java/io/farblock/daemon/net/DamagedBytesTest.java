package io.farblock.daemon.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.linux.Images;
import io.farblock.daemon.faults.Deadline;
import io.farblock.replication.status.EpochResult;
import io.farblock.replication.status.SourceStatus.PathStatus;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A line flips a bit now and then: found every time, the line is replaced, and what was damaged comes again. */
@Timeout(120)
class DamagedBytesTest
{
    private static final int IMAGE_BYTES = 48 << 20;
    private static final int DAMAGES = 4;
    private static final int[] DELAYS_US = {1_000, 1_000};

    @TempDir
    private Path directory;

    @Test
    void shouldRefuseEachDamagedFrameAndGoOn() throws Exception
    {
        final long seed = System.nanoTime();
        System.out.println("damage seed=" + seed);
        final Random random = new Random(seed);
        try (ProxiedSites lines = new ProxiedSites(directory, IMAGE_BYTES, random, DELAYS_US, 100, 50))
        {
            lines.logged(() -> damage(lines, random));
        }
    }

    private static void damage(final ProxiedSites lines, final Random random) throws Exception
    {
        CompletableFuture<EpochResult> asked = lines.sites.source.epoch(LabSites.GROUP);
        Deadline.await("blocks are on the lines", 30, () -> lines.sites.group().wireBytes() > 1 << 20);
        for (int damage = 1; damage <= DAMAGES; damage++)
        {
            lines.proxy.damage(damage % 2, random.nextLong());
            while (!refusesBeforeItEnds(lines, damage, asked))
            {
                // the machine was slow and the epoch over: only in another one there is something to damage
                lines.sites.sealed(asked);
                Images.random(lines.sites.image, IMAGE_BYTES, random);
                asked = lines.sites.source.epoch(LabSites.GROUP);
            }
            lines.sites.awaitAllUp();
        }
        final EpochResult result = lines.sites.sealed(asked);

        assertThat(lines.sites.target().refusedFrames()).isEqualTo(DAMAGES);
        assertThat(lines.sites.target().lastRefusal()).contains("10.77.").matches(".*(CRC32C|frame).*");
        assertThat(result.changedBytes()).isEqualTo(IMAGE_BYTES);
        assertThat(lines.sites.paths().stream().mapToLong(PathStatus::resentFrames).sum()).as("resent frames")
            .isPositive();
    }

    private static boolean refusesBeforeItEnds(
        final ProxiedSites lines, final int damages, final CompletableFuture<EpochResult> epoch)
    {
        Deadline.await("damage " + damages + " is refused", 60, () ->
            epoch.isDone() || lines.sites.target().refusedFrames() >= damages);
        return lines.sites.target().refusedFrames() >= damages;
    }
}
