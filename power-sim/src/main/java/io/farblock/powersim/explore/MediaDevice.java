package io.farblock.powersim.explore;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.Geometry;
import java.nio.ByteBuffer;

/** A recorded device in memory; no request fails. Closing it leaves it as it is, as a real one. One thread. */
final class MediaDevice implements BlockDevice
{
    private final String name;
    private final Content content;
    private final Media media;
    private final Geometry geometry;

    MediaDevice(final String name, final Content content, final Media media)
    {
        this.name = name;
        this.content = content;
        this.media = media;
        this.geometry = new Geometry(content.sizeBytes(), Page.SECTOR_BYTES, 1);
    }

    @Override
    public Geometry geometry()
    {
        return geometry;
    }

    @Override
    public int read(final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
    {
        media.read(lengthBytes);
        int done = 0;
        while (done < lengthBytes)
        {
            final long at = offsetBytes + done;
            final int within = (int)(at % Page.BYTES);
            final int length = Math.min(lengthBytes - done, Page.BYTES - within);
            buffer.put(index + done, Page.bytes(content.page((int)(at / Page.BYTES))), within, length);
            done += length;
        }
        return lengthBytes;
    }

    @Override
    public int write(final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
    {
        final byte[] data = new byte[lengthBytes];
        buffer.get(index, data);
        return written(new Event.Write(name, offsetBytes, lengthBytes, data)) ? lengthBytes : 0;
    }

    @Override
    public int zero(final long offsetBytes, final long lengthBytes)
    {
        written(new Event.Write(name, offsetBytes, lengthBytes, null));
        return 0;
    }

    @Override
    public int discard(final long offsetBytes, final long lengthBytes)
    {
        return zero(offsetBytes, lengthBytes);
    }

    @Override
    public int flush()
    {
        media.look();
        media.settled(new Event.Flush(name));
        return 0;
    }

    @Override
    public long nextData(final long offsetBytes)
    {
        return next(offsetBytes, true);
    }

    @Override
    public long nextHole(final long offsetBytes)
    {
        return next(offsetBytes, false);
    }

    @Override
    public String name()
    {
        return name;
    }

    @Override
    public void close()
    {
        // the device goes on
    }

    private boolean written(final Event.Write write)
    {
        if (write.lengthBytes() > 0)
        {
            content.write(write.offsetBytes(), write.data(), 0, write.lengthBytes());
            media.happened(write);
        }
        return write.lengthBytes() > 0;
    }

    private long next(final long offsetBytes, final boolean data)
    {
        long at = offsetBytes;
        while (at < geometry.sizeBytes() && (content.page((int)(at / Page.BYTES)) != null) != data)
        {
            at = (at / Page.BYTES + 1) * Page.BYTES;
        }
        return Math.min(at, geometry.sizeBytes());
    }
}
