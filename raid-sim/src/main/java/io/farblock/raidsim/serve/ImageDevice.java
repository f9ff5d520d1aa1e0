package io.farblock.raidsim.serve;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.DeviceException;
import io.farblock.blockdev.ForwardingBlockDevice;
import io.farblock.blockdev.linux.LinuxBlockDevice;
import io.farblock.blockdev.linux.OpenMode;
import io.farblock.raidsim.config.DiskConfig;

/**
 * A disk's image file under the disk's name, which is what events and messages call it. Through the page cache: it
 * stands for a medium, and that survives the process. As thread safe as the file; closing it twice is fine.
 */
final class ImageDevice extends ForwardingBlockDevice
{
    private final String name;

    private ImageDevice(final BlockDevice image, final String name)
    {
        super(image);
        this.name = name;
    }

    /** For this process alone: the file is locked. */
    static ImageDevice open(final DiskConfig disk) throws DeviceException
    {
        return open(disk, OpenMode.readWrite().buffered());
    }

    /** For a look, beside whoever uses it. */
    static ImageDevice look(final DiskConfig disk) throws DeviceException
    {
        return open(disk, OpenMode.readOnly().buffered());
    }

    private static ImageDevice open(final DiskConfig disk, final OpenMode mode) throws DeviceException
    {
        return new ImageDevice(LinuxBlockDevice.open(disk.file(), mode), disk.name());
    }

    @Override
    public String name()
    {
        return name;
    }
}
