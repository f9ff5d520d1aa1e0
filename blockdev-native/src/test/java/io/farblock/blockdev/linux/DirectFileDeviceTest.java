package io.farblock.blockdev.linux;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.BlockDeviceContract;
import io.farblock.blockdev.LeakCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The contract, on an image file past the page cache. The file lies in the module's target directory: the temporary
 * one may be in memory, where there is no direct I/O to test.
 */
class DirectFileDeviceTest extends BlockDeviceContract
{
    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck("fb-");

    private Path image;

    @Override
    protected BlockDevice createDevice(final long sizeBytes) throws IOException
    {
        image = Path.of("target", "direct.img").toAbsolutePath();
        Files.deleteIfExists(image);
        ImageFile.create(image, sizeBytes);
        final LinuxBlockDevice device = LinuxBlockDevice.open(image, OpenMode.readWrite());
        if (!device.direct())
        {
            device.close();
            Assumptions.abort("no direct I/O in the file system of " + image);
        }
        return device;
    }

    @Override
    protected void releaseDevice() throws IOException
    {
        Files.deleteIfExists(image);
    }
}
