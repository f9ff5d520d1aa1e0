package io.farblock.blockdev.linux;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Images with a bit of everything, and changes to them, all from one random source. Stateless. */
public final class Images
{
    private static final int CHUNK = 1 << 20;
    private static final byte[] TEXT =
        "the replica always equals some sealed epoch, never a mixture of two; ".getBytes(StandardCharsets.US_ASCII);

    private Images()
    {
    }

    /** A third random, a third compressible, a third holes, in pieces. */
    public static void mixed(final Path image, final long sizeBytes, final Random random) throws IOException
    {
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw"))
        {
            file.setLength(sizeBytes);
            for (long at = 0; at < sizeBytes; at += CHUNK)
            {
                final int kind = random.nextInt(3);
                if (kind > 0)
                {
                    file.seek(at);
                    file.write(content((int)Math.min(CHUNK, sizeBytes - at), kind == 1, random));
                }
            }
        }
    }

    public static void random(final Path image, final long sizeBytes, final Random random) throws IOException
    {
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw"))
        {
            for (long at = 0; at < sizeBytes; at += CHUNK)
            {
                file.write(content((int)Math.min(CHUNK, sizeBytes - at), true, random));
            }
        }
    }

    public static void sparse(final Path image, final long sizeBytes) throws IOException
    {
        ImageFile.create(image, sizeBytes);
    }

    /** Overwrites, zeroes and punches holes at random places. */
    public static void change(final Path image, final int changes, final int largest, final Random random)
        throws IOException, InterruptedException
    {
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw"))
        {
            final long sizeBytes = file.length();
            for (int i = 0; i < changes; i++)
            {
                final int length = 1 + random.nextInt((int)Math.min(largest, sizeBytes));
                final long offset = (long)(random.nextDouble() * (sizeBytes - length));
                switch (random.nextInt(6))
                {
                    case 0 -> punch(image, offset, length);
                    case 1 -> write(file, offset, new byte[length]);
                    case 2, 3 -> write(file, offset, content(length, false, random));
                    default -> write(file, offset, content(length, true, random));
                }
            }
        }
    }

    /** The first byte that differs, or that only one has; -1 when there is none. A device may be longer by zeros. */
    public static long mismatch(final Path left, final Path right) throws IOException
    {
        final ByteBuffer one = ByteBuffer.allocateDirect(CHUNK);
        final ByteBuffer other = ByteBuffer.allocateDirect(CHUNK);
        try (FileChannel leftChannel = FileChannel.open(left, StandardOpenOption.READ);
            FileChannel rightChannel = FileChannel.open(right, StandardOpenOption.READ))
        {
            for (long at = 0;; at += CHUNK)
            {
                fill(leftChannel, one);
                fill(rightChannel, other);
                final int difference = one.mismatch(other);
                if (difference >= 0 || !one.hasRemaining())
                {
                    return difference < 0 ? -1 : at + difference;
                }
            }
        }
    }

    public static byte[] content(final int length, final boolean incompressible, final Random random)
    {
        final byte[] bytes = new byte[length];
        if (incompressible)
        {
            random.nextBytes(bytes);
            return bytes;
        }
        for (int i = 0; i < length; i++)
        {
            // Text with a number in every line, so that no two blocks are the same.
            bytes[i] = i % 64 < 6 ? (byte)('0' + random.nextInt(10)) : TEXT[i % TEXT.length];
        }
        return bytes;
    }

    private static void fill(final FileChannel channel, final ByteBuffer chunk) throws IOException
    {
        chunk.clear();
        int count = 0;
        while (chunk.hasRemaining() && count >= 0)
        {
            count = channel.read(chunk);
        }
        chunk.flip();
    }

    private static void write(final RandomAccessFile file, final long offset, final byte[] bytes) throws IOException
    {
        file.seek(offset);
        file.write(bytes);
    }

    private static void punch(final Path image, final long offset, final long length)
        throws IOException, InterruptedException
    {
        final Process process = new ProcessBuilder("fallocate", "-p", "-o", Long.toString(offset), "-l",
            Long.toString(length), image.toString()).inheritIO().start();
        if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0)
        {
            throw new IOException("fallocate -p failed");
        }
    }
}
