package io.farblock.powersim.explore;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.ForwardingBlockDevice;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A file that is used as a device: after each request it is seen how the file is now. One thread. */
final class FileDevice extends ForwardingBlockDevice
{
    private final Path path;
    private final Media media;

    FileDevice(final Path path, final BlockDevice device, final Media media)
    {
        super(device);
        this.path = path;
        this.media = media;
    }

    @Override
    public int write(final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
    {
        final int result = super.write(offsetBytes, buffer, index, lengthBytes);
        media.look(path);
        return result;
    }

    @Override
    public int zero(final long offsetBytes, final long lengthBytes)
    {
        final int result = super.zero(offsetBytes, lengthBytes);
        media.look(path);
        return result;
    }

    @Override
    public int discard(final long offsetBytes, final long lengthBytes)
    {
        final int result = super.discard(offsetBytes, lengthBytes);
        media.look(path);
        return result;
    }

    @Override
    public int flush()
    {
        final int result = super.flush();
        if (result >= 0)
        {
            media.fileSynced(path);
        }
        return result;
    }
}
