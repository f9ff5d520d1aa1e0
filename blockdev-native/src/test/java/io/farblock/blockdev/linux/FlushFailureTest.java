package io.farblock.blockdev.linux;

import static io.farblock.blockdev.DeviceBytes.filled;
import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.DeviceBytes;
import io.farblock.blockdev.Errno;
import io.farblock.blockdev.LeakCheck;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A disk that takes writes into the page cache and then has no room for them: a loop device whose file lies in a file
 * system that is too small. The kernel reports that to one flush and says "no error" to the next. Needs root.
 */
class FlushFailureTest
{
    private static final int MIB = 1024 * 1024;

    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck("fb-");

    @Test
    void shouldNeverCallAFlushGoodAgainAfterOneFailed() throws IOException
    {
        try (TestFileSystem fileSystem = TestFileSystem.ofSize(4 * MIB);
            LoopDevice loop = LoopDevice.attach(fileSystem.file(16 * MIB)))
        {
            try (LinuxBlockDevice device = LinuxBlockDevice.open(loop.device(), OpenMode.readWrite().buffered()))
            {
                new DeviceBytes(device).write(0, filled(1, 16 * MIB));

                final int[] results = {device.flush(), device.flush(), device.flush()};

                assertThat(results).containsOnly(-Errno.EIO);
            }
            try (LinuxBlockDevice device = LinuxBlockDevice.open(loop.device(), OpenMode.readWrite().buffered()))
            {
                assertThat(device.flush()).as("of a device that was opened anew").isZero();
            }
        }
    }
}
