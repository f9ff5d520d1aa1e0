package io.farblock.blockdev.linux;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.BlockDeviceContract;
import io.farblock.blockdev.LeakCheck;
import java.io.IOException;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The contract, on a loop device whose sectors are 4096 bytes. Needs root. */
class LargeSectorLoopDeviceTest extends BlockDeviceContract
{
    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck("fb-");

    private LoopDevice loop;

    @Override
    protected BlockDevice createDevice(final long sizeBytes) throws IOException
    {
        loop = LoopDevice.create(sizeBytes, "--sector-size", "4096");
        return LinuxBlockDevice.open(loop.device(), OpenMode.readWrite());
    }

    @Override
    protected void releaseDevice() throws IOException
    {
        if (loop != null)
        {
            loop.close();
        }
    }
}
