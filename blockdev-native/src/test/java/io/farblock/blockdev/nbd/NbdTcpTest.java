package io.farblock.blockdev.nbd;

import io.farblock.blockdev.BlockDevice;
import java.io.IOException;

/** The contract, over TCP. */
class NbdTcpTest extends NbdContract
{
    @Override
    protected Served serve(final BlockDevice device) throws IOException
    {
        return Served.tcp(device);
    }
}
