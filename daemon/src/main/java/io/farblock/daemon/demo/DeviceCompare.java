package io.farblock.daemon.demo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Compares two devices or images byte for byte, and hashes both on the way. One thread; constant memory.
 *
 * @param leftSha256      of the whole left one, hexadecimal.
 * @param rightSha256     of the whole right one.
 * @param firstDifference offset of the first byte that differs, or that only one of them has; -1 when none does.
 */
record DeviceCompare(String leftSha256, String rightSha256, long leftBytes, long rightBytes, long firstDifference)
{
    private static final int CHUNK_BYTES = 1 << 20;

    boolean equal()
    {
        return firstDifference < 0 && leftBytes == rightBytes && leftSha256.equals(rightSha256);
    }

    static DeviceCompare of(final Path left, final Path right) throws IOException
    {
        final MessageDigest leftDigest = sha256();
        final MessageDigest rightDigest = sha256();
        final ByteBuffer leftChunk = ByteBuffer.allocate(CHUNK_BYTES);
        final ByteBuffer rightChunk = ByteBuffer.allocate(CHUNK_BYTES);
        long leftBytes = 0;
        long rightBytes = 0;
        long difference = -1;
        try (FileChannel leftChannel = FileChannel.open(left, StandardOpenOption.READ);
            FileChannel rightChannel = FileChannel.open(right, StandardOpenOption.READ))
        {
            while (true)
            {
                fill(leftChannel, leftChunk);
                fill(rightChannel, rightChunk);
                if (!leftChunk.hasRemaining() && !rightChunk.hasRemaining())
                {
                    break;
                }
                final int mismatch = leftChunk.mismatch(rightChunk);
                if (difference < 0 && mismatch >= 0)
                {
                    difference = leftBytes + mismatch;
                }
                leftBytes += leftChunk.remaining();
                rightBytes += rightChunk.remaining();
                leftDigest.update(leftChunk);
                rightDigest.update(rightChunk);
            }
        }
        return new DeviceCompare(HexFormat.of().formatHex(leftDigest.digest()),
            HexFormat.of().formatHex(rightDigest.digest()), leftBytes, rightBytes, difference);
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

    private static MessageDigest sha256()
    {
        try
        {
            return MessageDigest.getInstance("SHA-256");
        }
        catch (final NoSuchAlgorithmException impossible)
        {
            throw new IllegalStateException("every JVM has SHA-256", impossible);
        }
    }
}
