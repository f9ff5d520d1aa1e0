package io.farblock.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.replication.status.EpochResult;
import io.farblock.replication.status.SourceStatus.StageStatus;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A warm stage allocates nothing for a block: an epoch of many blocks costs the heap what an empty one does. */
final class AllocationTest
{
    private static final int BLOCKS = 1024;
    private static final int BLOCK_BYTES = 65536;
    /**
     * The least of so many epochs counts: what a compiler or a pool does once is not what a block costs, and on a slow
     * machine the compiler comes late.
     */
    private static final int MOST_EPOCHS = 40;
    /** Less than the smallest object, 16 bytes: what remains belongs to the epoch, not to its blocks. */
    private static final long ALLOWED_BYTES_A_BLOCK = 8;
    /**
     * Stages that hand each block to a library. The queue makes an object of 16 bytes a record until the compiler has
     * removed it; the network's recycler makes new ones while its threads have not settled how many they need.
     */
    private static final Set<String> THROUGH_A_LIBRARY =
        Set.of("target apply", "target paths", "source send", "source paths");
    private static final long ALLOWED_BYTES_THROUGH_A_LIBRARY = 96;
    /**
     * From Java 22 on zstd-jni calls the library by foreign functions and makes views of both buffers, of 352 bytes
     * a call until the compiler has removed them; a block may be sampled and compressed.
     */
    private static final long ALLOWED_BYTES_THROUGH_ZSTD =
        Runtime.version().feature() >= 22 ? 704 : ALLOWED_BYTES_A_BLOCK;
    /** A 64 KiB block is five TLS records, each with some objects of the library's that the compiler may remove. */
    private static final long ALLOWED_BYTES_THROUGH_TLS = 768;

    @TempDir
    private Path directory;

    @Test
    void shouldAllocateNothingPerBlockOnceWarm() throws Exception
    {
        try (TwoSites sites = new TwoSites(directory))
        {
            measure(sites, ALLOWED_BYTES_THROUGH_A_LIBRARY);
        }
    }

    @Test
    void shouldAllocateNothingOfItsOwnPerBlockUnderTls() throws Exception
    {
        final TlsPair tls = new TlsPair();
        try (TwoSites sites = new TwoSites(directory, tls.ofAlpha(), tls.ofBeta()))
        {
            measure(sites, ALLOWED_BYTES_THROUGH_TLS);
        }
    }

    private static void measure(final TwoSites sites, final long allowedOnPaths) throws Exception
    {
        final Random random = new Random(1);
        rewrite(sites.sourceImage, random);
        sites.launchTarget();
        sites.launchSource();
        for (int i = 0; i < 6; i++)
        {
            epoch(sites, BLOCKS);
            rewrite(sites.sourceImage, random);
        }
        epoch(sites, BLOCKS);

        final Map<String, Long> empty = allocatedDuring(sites, 0);
        rewrite(sites.sourceImage, random);
        final Map<String, Long> full = allocatedDuring(sites, BLOCKS);
        for (int i = 1; i < MOST_EPOCHS && !full.entrySet().stream().allMatch(stage ->
            perBlock(stage, empty) <= allowed(stage.getKey(), allowedOnPaths)); i++)
        {
            rewrite(sites.sourceImage, random);
            allocatedDuring(sites, BLOCKS).forEach((stage, bytes) -> full.merge(stage, bytes, Math::min));
        }

        full.entrySet().forEach(stage ->
            assertThat(perBlock(stage, empty))
                .as("bytes a block allocated by %s: %d in a full epoch, %d in an empty one",
                    stage.getKey(), stage.getValue(), empty.get(stage.getKey()))
                .isLessThanOrEqualTo(allowed(stage.getKey(), allowedOnPaths)));
    }

    private static long perBlock(final Map.Entry<String, Long> full, final Map<String, Long> empty)
    {
        return (full.getValue() - empty.get(full.getKey())) / BLOCKS;
    }

    private static long allowed(final String stage, final long onPaths)
    {
        if (stage.startsWith("source compress-") || stage.startsWith("target verify-"))
        {
            return ALLOWED_BYTES_THROUGH_ZSTD;
        }
        if (!THROUGH_A_LIBRARY.contains(stage))
        {
            return ALLOWED_BYTES_A_BLOCK;
        }
        return stage.endsWith(" paths") ? onPaths : ALLOWED_BYTES_THROUGH_A_LIBRARY;
    }

    private static Map<String, Long> allocatedDuring(final TwoSites sites, final int changed) throws Exception
    {
        final Map<String, Long> before = allocated(sites);
        epoch(sites, changed);
        final Map<String, Long> after = allocated(sites);
        after.replaceAll((stage, bytes) -> bytes - before.get(stage));
        return after;
    }

    private static Map<String, Long> allocated(final TwoSites sites)
    {
        final List<StageStatus> stages = new ArrayList<>(sites.target.status().stages());
        final Map<String, Long> bytes = new LinkedHashMap<>();
        stages.forEach(stage -> bytes.put("target " + stage.name(), stage.allocatedBytes()));
        sites.source.status().stages().forEach(stage -> bytes.put("source " + stage.name(), stage.allocatedBytes()));
        return bytes;
    }

    private static void epoch(final TwoSites sites, final int changed) throws Exception
    {
        final EpochResult result = sites.source.epochNow(TwoSites.GROUP).get(60, TimeUnit.SECONDS);
        assertThat(result.reason()).isEmpty();
        assertThat(result.changedBytes()).isEqualTo((long)changed * BLOCK_BYTES);
    }

    private static void rewrite(final Path image, final Random random) throws IOException
    {
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw"))
        {
            final byte[] block = new byte[BLOCK_BYTES];
            for (int i = 0; i < BLOCKS; i++)
            {
                random.nextBytes(block);
                if (i % 2 == 0)
                {
                    Arrays.fill(block, 100, block.length, (byte)i);
                }
                file.write(block);
            }
        }
    }
}
