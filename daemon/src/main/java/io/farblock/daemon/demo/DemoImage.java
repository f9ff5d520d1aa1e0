package io.farblock.daemon.demo;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The source image that the demo makes and changes: sparse, with an ext4 in it when the machine can make one. One
 * thread. All randomness comes from the given seed.
 */
final class DemoImage
{
    static final int BLOCK_BYTES = 64 << 10;
    private static final double FILLED = 0.6;
    private static final int BYTES_PER_FILE = 32 << 10;
    private static final long MKFS_LIMIT_SECONDS = 600;

    private final Path file;
    private final long sizeBytes;
    private final Random random;

    DemoImage(final Path file, final long sizeBytes, final long seed)
    {
        this.file = file;
        this.sizeBytes = sizeBytes / BLOCK_BYTES * BLOCK_BYTES;
        this.random = new Random(seed);
    }

    Path file()
    {
        return file;
    }

    long sizeBytes()
    {
        return sizeBytes;
    }

    /** Makes the image; returns what it holds, in words. */
    String make(final Path scratch) throws IOException, InterruptedException
    {
        allocate();
        final Path mkfs = mkfs();
        if (mkfs != null)
        {
            Files.createDirectories(scratch);
            final long bytes = SampleTree.copy(
                scratch, (long)(sizeBytes * FILLED), (int)Math.min(100_000, sizeBytes / BYTES_PER_FILE), random);
            final boolean made = makeFileSystem(mkfs, scratch);
            WorkingDirectory.remove(scratch);
            if (made)
            {
                return "ext4 with " + (bytes >> 20) + " MiB of this machine's own files";
            }
            allocate();
        }
        fill();
        return "texts and random bytes (" + (mkfs == null ? "there is no mkfs.ext4" : "mkfs.ext4 failed") + ")";
    }

    /**
     * Overwrites that many blocks, chosen at random, with bytes that no compression shrinks: what moves is then as
     * large as what changed. Returns the bytes changed.
     */
    long change(final long blocks) throws IOException
    {
        final long total = sizeBytes / BLOCK_BYTES;
        final Set<Long> chosen = new HashSet<>();
        while (chosen.size() < Math.min(blocks, total))
        {
            chosen.add((long)(random.nextDouble() * total));
        }
        final byte[] bytes = new byte[BLOCK_BYTES];
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE))
        {
            for (final long block : chosen)
            {
                random.nextBytes(bytes);
                write(channel, bytes, block * BLOCK_BYTES);
            }
            channel.force(false);
        }
        return (long)chosen.size() * BLOCK_BYTES;
    }

    long blocks()
    {
        return sizeBytes / BLOCK_BYTES;
    }

    private void allocate() throws IOException
    {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.SPARSE))
        {
            write(channel, new byte[1], sizeBytes - 1);
        }
    }

    private boolean makeFileSystem(final Path mkfs, final Path content) throws IOException, InterruptedException
    {
        final Process process = new ProcessBuilder(
            mkfs.toString(), "-q", "-F", "-d", content.toString(), file.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .start();
        try
        {
            return process.waitFor(MKFS_LIMIT_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0
                && Files.size(file) == sizeBytes;
        }
        finally
        {
            process.destroyForcibly();
        }
    }

    /** Text, random bytes and holes in turn, up to the same fill as a file system would have. */
    private void fill() throws IOException
    {
        final byte[] line = "A block device is bytes at offsets, and a flush that means something.\n"
            .getBytes(StandardCharsets.US_ASCII);
        final byte[] bytes = new byte[BLOCK_BYTES];
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE))
        {
            for (long block = 0; block < blocks(); block++)
            {
                if (random.nextDouble() >= FILLED)
                {
                    continue;
                }
                if (random.nextBoolean())
                {
                    random.nextBytes(bytes);
                }
                else
                {
                    final int shift = random.nextInt(line.length);
                    for (int i = 0; i < bytes.length; i++)
                    {
                        bytes[i] = line[(i + shift) % line.length];
                    }
                }
                write(channel, bytes, block * BLOCK_BYTES);
            }
            channel.force(false);
        }
    }

    private static void write(final FileChannel channel, final byte[] bytes, final long offset) throws IOException
    {
        final ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining())
        {
            channel.write(buffer, offset + buffer.position());
        }
    }

    private static Path mkfs()
    {
        final List<String> directories = new java.util.ArrayList<>(List.of("/usr/sbin", "/sbin"));
        directories.addAll(List.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)));
        return directories.stream().filter(directory -> !directory.isEmpty())
            .map(directory -> Path.of(directory, "mkfs.ext4")).filter(Files::isExecutable).findFirst().orElse(null);
    }
}
