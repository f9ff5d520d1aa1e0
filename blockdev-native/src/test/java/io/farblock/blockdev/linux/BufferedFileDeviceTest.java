package io.farblock.blockdev.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.BlockDeviceContract;
import io.farblock.blockdev.LeakCheck;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The contract, on an image file through the page cache. */
class BufferedFileDeviceTest extends BlockDeviceContract
{
    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck("fb-");

    @TempDir
    private Path directory;

    @Override
    protected BlockDevice createDevice(final long sizeBytes) throws IOException
    {
        final Path image = directory.resolve("buffered.img");
        ImageFile.create(image, sizeBytes);
        final LinuxBlockDevice device = LinuxBlockDevice.open(image, OpenMode.readWrite().buffered());
        assertThat(device.direct()).isFalse();
        return device;
    }
}
