package io.farblock.raidsim.disk;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.Geometry;
import io.farblock.blockdev.MemoryBlockDevice;
import java.nio.ByteBuffer;

/** Memory that claims to want its buffers aligned to 4 KiB, as direct access to a file does. */
final class StrictDevice implements BlockDevice
{
    private final MemoryBlockDevice memory;

    StrictDevice(final long sizeBytes)
    {
        memory = new MemoryBlockDevice("strict", sizeBytes);
    }

    @Override
    public Geometry geometry()
    {
        return new Geometry(memory.geometry().sizeBytes(), 512, 4096);
    }

    @Override
    public int read(final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
    {
        return memory.read(offsetBytes, buffer, index, lengthBytes);
    }

    @Override
    public int write(final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
    {
        return memory.write(offsetBytes, buffer, index, lengthBytes);
    }

    @Override
    public int zero(final long offsetBytes, final long lengthBytes)
    {
        return memory.zero(offsetBytes, lengthBytes);
    }

    @Override
    public int discard(final long offsetBytes, final long lengthBytes)
    {
        return memory.discard(offsetBytes, lengthBytes);
    }

    @Override
    public int flush()
    {
        return memory.flush();
    }

    @Override
    public long nextData(final long offsetBytes)
    {
        return memory.nextData(offsetBytes);
    }

    @Override
    public long nextHole(final long offsetBytes)
    {
        return memory.nextHole(offsetBytes);
    }

    @Override
    public String name()
    {
        return memory.name();
    }

    @Override
    public void close()
    {
        memory.close();
    }
}
