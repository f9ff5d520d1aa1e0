package io.farblock.blockdev.linux;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.BlockDeviceContract;
import io.farblock.blockdev.LeakCheck;
import java.io.IOException;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The contract, on a loop device that cannot zero by itself, so that the kernel writes the zeros. Needs root. */
class NoPunchLoopDeviceTest extends BlockDeviceContract
{
    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck("fb-");

    private TestFileSystem fileSystem;
    private LoopDevice loop;

    @Override
    protected BlockDevice createDevice(final long sizeBytes) throws IOException
    {
        fileSystem = TestFileSystem.withoutPunch();
        loop = LoopDevice.attach(fileSystem.file(sizeBytes));
        return LinuxBlockDevice.open(loop.device(), OpenMode.readWrite());
    }

    @Override
    protected void releaseDevice() throws IOException
    {
        try
        {
            if (loop != null)
            {
                loop.close();
            }
        }
        finally
        {
            if (fileSystem != null)
            {
                fileSystem.close();
            }
        }
    }
}
