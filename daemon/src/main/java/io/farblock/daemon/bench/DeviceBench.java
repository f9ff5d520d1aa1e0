package io.farblock.daemon.bench;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.Errno;
import io.farblock.blockdev.linux.LinuxBlockDevice;
import io.farblock.blockdev.linux.OpenMode;
import io.farblock.replication.merkle.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Reads a device in the ways that replication does. A device or file that is given is only read; given a directory, it
 * makes a file of random bytes there and removes it. One thread.
 */
public final class DeviceBench
{
    private static final int CHUNK_BYTES = 1 << 20;
    private static final int BLOCK_BYTES = 64 << 10;
    private static final int SMALL_BYTES = 4096;
    private static final long RANDOM_NS = TimeUnit.SECONDS.toNanos(2);

    private final ByteBuffer buffer = AlignedBuffers.allocate(CHUNK_BYTES);
    private final Digest digest = new Digest();
    private final byte[] scratch = new byte[32];

    /** @param limitBytes how much of it each sequential pass reads at most, and how large a file of its own is. */
    public DeviceReport run(final Path path, final long limitBytes) throws IOException
    {
        if (!Files.isDirectory(path))
        {
            return measure(path, limitBytes);
        }
        final Path file = Files.createTempFile(path, "farblock-bench", ".img");
        try
        {
            fill(file, Math.max(CHUNK_BYTES, limitBytes / CHUNK_BYTES * CHUNK_BYTES));
            return measure(file, limitBytes);
        }
        finally
        {
            Files.delete(file);
        }
    }

    private DeviceReport measure(final Path path, final long limitBytes) throws IOException
    {
        try (LinuxBlockDevice device = LinuxBlockDevice.open(path, OpenMode.readOnly()))
        {
            final long sizeBytes = device.geometry().sizeBytes();
            final long measured = Math.min(sizeBytes, limitBytes) / SMALL_BYTES * SMALL_BYTES;
            if (measured < SMALL_BYTES)
            {
                throw new IOException(path + " has " + sizeBytes + " bytes, expected at least " + SMALL_BYTES);
            }
            return new DeviceReport(path.toString(), sizeBytes, device.direct(), measured,
                sequential(device, measured, false), sequential(device, measured, true),
                randomReads(device, sizeBytes));
        }
    }

    private long sequential(final LinuxBlockDevice device, final long bytes, final boolean hashes) throws IOException
    {
        final long beganNs = System.nanoTime();
        for (long at = 0; at < bytes; at += CHUNK_BYTES)
        {
            final int length = (int)Math.min(CHUNK_BYTES, bytes - at);
            read(device, at, length);
            for (int block = 0; hashes && block < length; block += BLOCK_BYTES)
            {
                buffer.limit(Math.min(block + BLOCK_BYTES, length)).position(block);
                digest.of(buffer, scratch);
                buffer.clear();
            }
        }
        return (long)(bytes * 1e9 / (System.nanoTime() - beganNs));
    }

    private long randomReads(final LinuxBlockDevice device, final long sizeBytes) throws IOException
    {
        final Random random = new Random();
        final long places = sizeBytes / SMALL_BYTES;
        final long beganNs = System.nanoTime();
        long count = 0;
        while (System.nanoTime() - beganNs < RANDOM_NS)
        {
            read(device, (long)(random.nextDouble() * places) * SMALL_BYTES, SMALL_BYTES);
            count++;
        }
        return (long)(count * 1e9 / (System.nanoTime() - beganNs));
    }

    private void read(final LinuxBlockDevice device, final long offset, final int length) throws IOException
    {
        final int result = device.read(offset, buffer, 0, length);
        if (result < 0)
        {
            throw new IOException("cannot read " + device.name() + " at offset " + offset + ": " +
                Errno.describe(result));
        }
    }

    private static void fill(final Path file, final long sizeBytes) throws IOException
    {
        final byte[] chunk = new byte[CHUNK_BYTES];
        final Random random = new Random();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE))
        {
            for (long at = 0; at < sizeBytes; at += CHUNK_BYTES)
            {
                random.nextBytes(chunk);
                channel.write(ByteBuffer.wrap(chunk));
            }
            // Written back now, or the first pass would be measured against it.
            channel.force(true);
        }
    }
}
