package io.farblock.daemon.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.linux.Images;
import io.farblock.replication.status.EpochResult;
import io.farblock.replication.status.TargetStatus.ReplicaStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Source and target in turn are killed at any moment of an epoch. After the restart the replica is the last sealed
 * epoch, after the next seal it is the source. {@code -Drounds=100} for more of it, {@code -Dseed=N} to repeat one.
 */
@Timeout(3600)
class KillNineTest
{
    private static final long IMAGE_BYTES = 32L << 20;

    @TempDir
    private Path directory;
    private Path sealedCopy;
    private long sealedEpoch;

    @Test
    void shouldNeverShowAMixture() throws Exception
    {
        final int rounds = number("rounds", 4);
        final long seed = number("seed", new Random().nextInt(1_000_000));
        sealedCopy = directory.resolve("sealed.img");
        try (TwoDaemons daemons = new TwoDaemons(directory))
        {
            int round = 0;
            try
            {
                final Random random = new Random(seed);
                Images.mixed(daemons.image, IMAGE_BYTES, random);
                daemons.start();
                for (round = 1; round <= rounds; round++)
                {
                    killInMidEpoch(daemons, round, random);
                    Images.change(daemons.image, 20, 400_000, random);
                }
            }
            catch (final Exception | AssertionError ex)
            {
                throw new AssertionError("round " + round + " with -Dseed=" + seed + ": " + ex.getMessage() + "\n" +
                    daemons.logs(), ex);
            }
        }
    }

    private void killInMidEpoch(final TwoDaemons daemons, final int round, final Random random) throws Exception
    {
        final boolean killSource = round % 2 == 1;
        daemons.limit(round == 1 ? 8 << 20 : 2 << 20);
        final CompletableFuture<EpochResult> asked = daemons.epochBegun();
        Deadline.pass(random.nextInt(1_200));
        if (killSource)
        {
            daemons.source.kill();
            daemons.source.start();
        }
        else
        {
            daemons.target.kill();
            // Nothing may arrive before the replica was looked at: the source goes on by itself.
            daemons.cutBoth();
            daemons.target.start();
        }
        expectASealedEpoch(daemons);
        daemons.limit(0);
        daemons.mendBoth();

        // The client of a killed source has died with it, so the epoch is asked for again.
        remember(daemons, daemons.sealed(killSource ? daemons.epochBegun() : asked));
    }

    private void expectASealedEpoch(final TwoDaemons daemons) throws IOException
    {
        Deadline.await("the target has applied what it sealed", 30, () ->
        {
            final ReplicaStatus status = daemons.replicaStatus();
            return status.appliedEpoch() == status.sealedEpoch() && !"applying".equals(status.state());
        });
        final ReplicaStatus status = daemons.replicaStatus();
        if (status.appliedEpoch() == 0 && sealedEpoch == 0)
        {
            assertThat(status.state()).isIn("new", "seeding");
        }
        else if (status.appliedEpoch() == sealedEpoch)
        {
            daemons.assertSame(sealedCopy, "epoch " + sealedEpoch);
        }
        else
        {
            // It was sealed just before the kill: then it is what was being sent, and nothing has changed since.
            assertThat(status.appliedEpoch()).isEqualTo(sealedEpoch + 1);
            daemons.assertSame(daemons.image, "epoch " + status.appliedEpoch());
        }
    }

    private void remember(final TwoDaemons daemons, final EpochResult result) throws IOException
    {
        assertThat(result.epoch()).isGreaterThan(sealedEpoch);
        sealedEpoch = result.epoch();
        Files.copy(daemons.image, sealedCopy, StandardCopyOption.REPLACE_EXISTING);
    }

    static int number(final String property, final int fallback)
    {
        final String text = System.getProperty(property, "").trim();
        return text.isEmpty() || text.startsWith("$") ? fallback : Integer.parseInt(text);
    }
}
