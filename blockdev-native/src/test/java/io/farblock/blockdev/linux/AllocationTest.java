package io.farblock.blockdev.linux;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.CheckedBlockDevice;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That calls to an open device allocate nothing on the heap, as the hot path demands. */
class AllocationTest
{
    private static final int CALLS = 20_000;
    private static final int ROUNDS = 10;

    @TempDir
    private Path directory;

    @Test
    void shouldAllocateNothingPerCall() throws IOException
    {
        final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
        final Path image = directory.resolve("image.img");
        ImageFile.create(image, 1024 * 1024);
        final ByteBuffer buffer = AlignedBuffers.allocate(4096);

        try (BlockDevice device = new CheckedBlockDevice(
            LinuxBlockDevice.open(image, OpenMode.readWrite().buffered())))
        {
            callAll(device, buffer);
            callAll(device, buffer);
            long least = Long.MAX_VALUE;
            // the compiler comes when the machine lets it: what counts is what remains
            for (int round = 0; round < ROUNDS && least >= CALLS; round++)
            {
                final long before = threads.getCurrentThreadAllocatedBytes();
                final int failures = callAll(device, buffer);
                least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
                assertThat(failures).isZero();
            }

            // less than a byte a call: what the measurement itself and a late compilation may leave
            assertThat(least).isLessThan(CALLS);
        }
    }

    private static int callAll(final BlockDevice device, final ByteBuffer buffer)
    {
        int failures = 0;
        for (int i = 0; i < CALLS; i++)
        {
            final long offset = (i & 127) * 4096L;
            failures += device.write(offset, buffer, 0, 4096) == 4096 ? 0 : 1;
            failures += device.read(offset, buffer, 0, 4096) == 4096 ? 0 : 1;
            failures += device.nextData(offset) == offset ? 0 : 1;
        }
        return failures;
    }
}
