package io.farblock.blockdev.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.BlockDeviceContract;
import io.farblock.blockdev.Errno;
import io.farblock.blockdev.LeakCheck;
import java.io.IOException;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The contract, on a file where zeros must be written and direct I/O is refused. Needs root. */
class NoPunchFileDeviceTest extends BlockDeviceContract
{
    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck("fb-");

    private TestFileSystem fileSystem;

    @Override
    protected BlockDevice createDevice(final long sizeBytes) throws IOException
    {
        fileSystem = TestFileSystem.withoutPunch();
        final LinuxBlockDevice device = LinuxBlockDevice.open(fileSystem.file(sizeBytes), OpenMode.readWrite());
        assertThat(device.direct()).isFalse();
        assertThat(device.discard(0, sizeBytes)).isEqualTo(-Errno.EOPNOTSUPP);
        return device;
    }

    @Override
    protected void releaseDevice() throws IOException
    {
        if (fileSystem != null)
        {
            fileSystem.close();
        }
    }
}
