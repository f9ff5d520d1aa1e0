package io.farblock.blockdev.nbd;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.BlockDeviceContract;
import io.farblock.blockdev.LeakCheck;
import io.farblock.blockdev.MemoryBlockDevice;
import java.io.IOException;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The contract, on a client of a server of memory; a subclass says how they are connected. */
abstract class NbdContract extends BlockDeviceContract
{
    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck("nbd-");

    @RegisterExtension
    static final PayloadCheck PAYLOADS = new PayloadCheck();

    private Served served;

    protected abstract Served serve(BlockDevice device) throws IOException;

    @Override
    protected BlockDevice createDevice(final long sizeBytes) throws IOException
    {
        served = serve(new MemoryBlockDevice("memory", sizeBytes));
        return served.connect();
    }

    @Override
    protected void releaseDevice() throws IOException
    {
        if (served != null)
        {
            served.close();
        }
    }
}
