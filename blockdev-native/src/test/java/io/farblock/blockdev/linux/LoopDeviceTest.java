package io.farblock.blockdev.linux;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.BlockDeviceContract;
import io.farblock.blockdev.LeakCheck;
import java.io.IOException;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The contract, on a loop device, with direct I/O on our side. Needs root. */
class LoopDeviceTest extends BlockDeviceContract
{
    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck("fb-");

    private LoopDevice loop;

    @Override
    protected BlockDevice createDevice(final long sizeBytes) throws IOException
    {
        loop = LoopDevice.create(sizeBytes);
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
