package io.farblock.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.linux.Images;
import io.farblock.replication.status.EpochResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job on real threads, sockets and files. */
final class ReplicationTest
{
    private static final int IMAGE_BYTES = 32 << 20;

    @TempDir
    private Path directory;

    @Test
    void shouldKeepAReplicaIdenticalOverSeveralEpochs() throws Exception
    {
        final Random random = new Random(42);
        try (TwoSites sites = new TwoSites(directory))
        {
            Images.mixed(sites.sourceImage, IMAGE_BYTES, random);
            sites.launchTarget();
            sites.launchSource();

            for (int round = 1; round <= 4; round++)
            {
                final EpochResult result = sites.source.epochNow(TwoSites.GROUP).get(60, TimeUnit.SECONDS);

                assertThat(result.reason()).isEmpty();
                assertThat(result.sealed()).isTrue();
                assertThat(result.epoch()).isEqualTo(round);
                assertThat(Files.mismatch(sites.sourceImage, sites.replicaImage)).isEqualTo(-1);
                Images.change(sites.sourceImage, 20, 100_000, random);
            }
        }
    }
}
