package io.farblock.raidsim.serve;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.DeviceException;
import io.farblock.blockdev.Geometry;
import io.farblock.blockdev.linux.LinuxBlockDevice;
import io.farblock.blockdev.linux.OpenMode;
import io.farblock.raidsim.config.DiskConfig;
import java.nio.ByteBuffer;

/**
 * A disk's image file under the disk's name, which is what events and messages call it. Through the page cache: it
 * stands for a medium, and that survives the process. As thread safe as the file; closing it twice is fine.
 */
final class ImageDevice implements BlockDevice
{
    private final BlockDevice image;
    private final String name;

    private ImageDevice(final BlockDevice image, final String name)
    {
        this.image = image;
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
    public Geometry geometry()
    {
        return image.geometry();
    }

    @Override
    public int read(final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
    {
        return image.read(offsetBytes, buffer, index, lengthBytes);
    }

    @Override
    public int write(final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
    {
        return image.write(offsetBytes, buffer, index, lengthBytes);
    }

    @Override
    public int zero(final long offsetBytes, final long lengthBytes)
    {
        return image.zero(offsetBytes, lengthBytes);
    }

    @Override
    public int discard(final long offsetBytes, final long lengthBytes)
    {
        return image.discard(offsetBytes, lengthBytes);
    }

    @Override
    public int flush()
    {
        return image.flush();
    }

    @Override
    public long nextData(final long offsetBytes)
    {
        return image.nextData(offsetBytes);
    }

    @Override
    public long nextHole(final long offsetBytes)
    {
        return image.nextHole(offsetBytes);
    }

    @Override
    public String name()
    {
        return name;
    }

    @Override
    public void close()
    {
        image.close();
    }
}
