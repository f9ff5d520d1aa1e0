package io.farblock.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.replication.status.EpochResult;
import java.io.IOException;
import java.io.RandomAccessFile;
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
            fill(sites.sourceImage, random);
            sites.launchTarget();
            sites.launchSource();

            for (int round = 1; round <= 4; round++)
            {
                final EpochResult result = sites.source.epochNow(TwoSites.GROUP).get(60, TimeUnit.SECONDS);

                System.err.println(result);
                assertThat(result.reason()).isEmpty();
                assertThat(result.sealed()).isTrue();
                assertThat(result.epoch()).isEqualTo(round);
                assertThat(Files.mismatch(sites.sourceImage, sites.replicaImage)).isEqualTo(-1);
                change(sites.sourceImage, random);
            }
        }
    }

    private static void fill(final Path image, final Random random) throws IOException
    {
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw"))
        {
            file.setLength(IMAGE_BYTES);
            final byte[] data = new byte[1 << 20];
            for (int at = 0; at < IMAGE_BYTES / 2; at += data.length)
            {
                random.nextBytes(data);
                java.util.Arrays.fill(data, 0, data.length / 2, (byte)at);
                file.seek(at);
                file.write(data);
            }
        }
    }

    private static void change(final Path image, final Random random) throws IOException
    {
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw"))
        {
            for (int i = 0; i < 20; i++)
            {
                final byte[] data = new byte[1 + random.nextInt(100_000)];
                if (random.nextInt(4) > 0)
                {
                    random.nextBytes(data);
                }
                file.seek(random.nextInt(IMAGE_BYTES - data.length));
                file.write(data);
            }
        }
    }
}
