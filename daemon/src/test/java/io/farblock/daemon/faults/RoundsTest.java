package io.farblock.daemon.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import io.farblock.blockdev.linux.Images;
import io.farblock.replication.status.EpochResult;
import io.farblock.replication.status.SourceStatus.PathStatus;
import io.farblock.replication.wire.BlockCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A full epoch and five rounds of changes: after each seal both sides are equal, and what went over the lines is hardly
 * more than the changed blocks compressed, which is computed here from the images alone.
 */
@Timeout(1200)
class RoundsTest
{
    private static final int BLOCK = 64 << 10;
    private static final double OVERHEAD_LIMIT = 1.1;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"random", "ext4", "xfs"})
    void shouldSendHardlyMoreThanWhatChanged(final String kind) throws Exception
    {
        rounds(kind, kind.equals("xfs") ? 320L << 20 : 64L << 20, 30);
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(strings = {"random", "ext4", "xfs"})
    void shouldSendHardlyMoreThanWhatChangedOfAGibibyte(final String kind) throws Exception
    {
        rounds(kind, 1L << 30, 200);
    }

    private void rounds(final String kind, final long sizeBytes, final int changes) throws Exception
    {
        final Random random = new Random(31);
        try (TwoDaemons daemons = new TwoDaemons(directory))
        {
            daemons.window = "16MiB";
            make(kind, daemons.image, sizeBytes, random);
            final Path before = directory.resolve("before.img");
            Images.sparse(before, Files.size(daemons.image));
            daemons.start();
            for (int round = 0; round <= 5; round++)
            {
                final long compressed = compressedChanges(before, daemons.image);
                final long resentBefore = resentFrames(daemons);

                final EpochResult result = daemons.sealed();

                System.out.printf(Locale.ROOT, "rounds kind=%s size=%d round=%d changed=%d compressed=%d payload=%d " +
                    "wire=%d ratio=%.4f%n", kind, sizeBytes, round, result.changedBytes(), compressed,
                    result.payloadBytes(), result.wireBytes(), (double)result.wireBytes() / compressed);
                assertThat(result.epoch()).isEqualTo(round + 1);
                // what a target that is late, on a busy machine, has sent again is no overhead of the format
                final long resentBytes = (resentFrames(daemons) - resentBefore) * BlockCodec.frameBytes(BLOCK);
                assertThat((double)result.wireBytes()).isLessThanOrEqualTo(OVERHEAD_LIMIT * compressed + resentBytes);
                assertThat(result.payloadBytes()).isBetween((long)(compressed * 0.95), (long)(compressed * 1.05));
                RootTools.run("cp", "--sparse=always", daemons.image.toString(), before.toString());
                Images.change(daemons.image, changes, 600_000, random);
            }
        }
    }

    private static long resentFrames(final TwoDaemons daemons)
    {
        return daemons.source.status().sources().get(0).paths().stream().mapToLong(PathStatus::resentFrames).sum();
    }

    private void make(final String kind, final Path image, final long sizeBytes, final Random random)
        throws IOException
    {
        if (kind.equals("random"))
        {
            Images.random(image, sizeBytes, random);
            return;
        }
        Assumptions.assumeTrue(RootTools.has("mkfs." + kind), "mkfs." + kind + " is not installed");
        Images.sparse(image, sizeBytes);
        if (kind.equals("ext4"))
        {
            final Path tree = Files.createDirectories(directory.resolve("tree"));
            classes(tree, Math.min(sizeBytes, 256L << 20) / 3);
            RootTools.run("mkfs.ext4", "-q", "-F", "-d", tree.toString(), image.toString());
            return;
        }
        RootTools.run("mkfs.xfs", "-q", "-f", image.toString());
        try (FileChannel channel = FileChannel.open(image, StandardOpenOption.WRITE))
        {
            for (long at = sizeBytes / 10; at < sizeBytes; at += sizeBytes / 10)
            {
                final boolean incompressible = random.nextBoolean();
                channel.write(ByteBuffer.wrap(Images.content(2 << 20, incompressible, random)), at - (4 << 20));
            }
        }
    }

    /** Ordinary files: the programs and libraries that this JVM runs from. */
    private static void classes(final Path tree, final long limitBytes) throws IOException
    {
        long copied = 0;
        try (Stream<Path> files = Files.walk(Path.of(System.getProperty("java.home"), "lib")))
        {
            for (final Path file : files.filter(Files::isRegularFile).sorted().toList())
            {
                if (copied + Files.size(file) <= limitBytes)
                {
                    Files.copy(file, tree.resolve(copied + "-" + file.getFileName()));
                    copied += Files.size(file);
                }
            }
        }
    }

    /** Of each block that differs what zstd makes of it, or the block itself when that is no less. */
    private static long compressedChanges(final Path before, final Path now) throws IOException
    {
        final byte[] one = new byte[BLOCK];
        final byte[] other = new byte[BLOCK];
        final byte[] zeros = new byte[BLOCK];
        long sum = 0;
        try (FileChannel old = FileChannel.open(before, StandardOpenOption.READ);
            FileChannel current = FileChannel.open(now, StandardOpenOption.READ))
        {
            for (long at = 0; at < current.size(); at += BLOCK)
            {
                final int length = (int)Math.min(BLOCK, current.size() - at);
                old.read(ByteBuffer.wrap(one, 0, length), at);
                current.read(ByteBuffer.wrap(other, 0, length), at);
                if (!Arrays.equals(one, 0, length, other, 0, length) &&
                    !Arrays.equals(other, 0, length, zeros, 0, length))
                {
                    sum += Math.min(length, Zstd.compress(Arrays.copyOf(other, length), 1).length);
                }
            }
        }
        return sum;
    }
}
