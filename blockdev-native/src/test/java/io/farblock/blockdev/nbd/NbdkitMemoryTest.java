package io.farblock.blockdev.nbd;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.BlockDeviceContract;
import io.farblock.blockdev.LeakCheck;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The contract, on a client of nbdkit. */
class NbdkitMemoryTest extends BlockDeviceContract
{
    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck("nbd-");

    @TempDir
    private Path directory;

    private Tool.Nbdkit server;

    @Override
    protected BlockDevice createDevice(final long sizeBytes) throws IOException
    {
        server = Tool.nbdkit(directory, "memory", Long.toString(sizeBytes));
        return server.connect();
    }

    @Override
    protected void releaseDevice()
    {
        if (server != null)
        {
            server.close();
        }
    }
}
