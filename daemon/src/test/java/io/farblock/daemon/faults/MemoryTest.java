package io.farblock.daemon.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.linux.Images;
import io.farblock.replication.status.EpochResult;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A sparse volume of 1 TiB in daemons whose heap is 128 MiB; one that ran out of it would exit at once. Prints the peak
 * of resident memory of both.
 */
@Timeout(600)
class MemoryTest
{
    private static final int DATA_BYTES = 128 << 20;
    private static final int PIECE_BYTES = 1 << 20;

    @TempDir
    private Path directory;

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(longs = {1L << 30, 1L << 40})
    void shouldCarryALargeVolumeInASmallHeap(final long sizeBytes) throws Exception
    {
        final Random random = new Random(1);
        try (TwoDaemons daemons = new TwoDaemons(directory))
        {
            daemons.window = "32MiB";
            Images.sparse(daemons.image, sizeBytes);
            scatter(daemons.image, sizeBytes, DATA_BYTES, random);
            daemons.start();

            final EpochResult full = sealed(daemons);
            scatter(daemons.image, sizeBytes, DATA_BYTES / 16, random);
            final EpochResult incremental = sealed(daemons);

            System.out.println("memory size=" + sizeBytes + " source_peak_kib=" + daemons.source.peakResidentKiB() +
                " target_peak_kib=" + daemons.target.peakResidentKiB() + " full_ms=" +
                TimeUnit.NANOSECONDS.toMillis(full.elapsedNs()) + " incremental_ms=" +
                TimeUnit.NANOSECONDS.toMillis(incremental.elapsedNs()));
            assertThat(full.changedBytes()).isGreaterThan(DATA_BYTES / 2);
            assertThat(incremental.changedBytes()).isBetween(1L, DATA_BYTES / 8L);
            assertThat(daemons.source.peakResidentKiB()).isLessThan(700 << 10);
            assertThat(daemons.target.peakResidentKiB()).isLessThan(700 << 10);
        }
    }

    /** Holes are not compared: a TiB of them would take an hour. */
    private static EpochResult sealed(final TwoDaemons daemons) throws Exception
    {
        final CompletableFuture<EpochResult> asked = daemons.epochBegun();
        final EpochResult result = asked.get(300, TimeUnit.SECONDS);
        assertThat(result.sealed()).as(result.reason()).isTrue();
        assertThat(daemons.replicaStatus().root()).isEqualTo(result.root());
        return result;
    }

    private static void scatter(final Path image, final long sizeBytes, final int dataBytes, final Random random)
        throws Exception
    {
        try (FileChannel channel = FileChannel.open(image, StandardOpenOption.WRITE))
        {
            for (int written = 0; written < dataBytes; written += PIECE_BYTES)
            {
                final long at = (long)(random.nextDouble() * (sizeBytes - PIECE_BYTES)) / 4096 * 4096;
                channel.write(ByteBuffer.wrap(Images.content(PIECE_BYTES, true, random)), at);
            }
        }
    }
}
