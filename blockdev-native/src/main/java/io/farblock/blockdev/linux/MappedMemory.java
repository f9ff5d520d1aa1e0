package io.farblock.blockdev.linux;

import com.kenai.jffi.MemoryIO;
import io.farblock.blockdev.DeviceException;
import io.farblock.blockdev.Errno;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Memory that is shared with the kernel, mapped whole, in direct buffers of 1 GiB since a buffer holds no more than
 * 2 GiB. Owned by one object: after {@link #close} an access through a buffer that was kept would kill the JVM, so no
 * buffer may leave its owner. Only mapping throws.
 */
public final class MappedMemory implements AutoCloseable
{
    /** Size of every buffer but the last. */
    public static final int CHUNK_BYTES = 1 << 30;

    private final long lengthBytes;
    private long address;

    private MappedMemory(final long address, final long lengthBytes)
    {
        this.address = address;
        this.lengthBytes = lengthBytes;
    }

    /**
     * Maps an object for reading and writing.
     *
     * @param lengthBytes rounded up to whole pages by the kernel.
     * @throws DeviceException when that is not possible.
     */
    public static MappedMemory map(final int fd, final long lengthBytes) throws DeviceException
    {
        NativeSelfTest.verify();
        final long address = LinuxCalls.mapShared(fd, lengthBytes);
        if (address < 0 && address > -4096)
        {
            throw new DeviceException((int)address, "cannot map " + lengthBytes + " bytes: " +
                Errno.describe(address) + "; expected an object of that size and enough address space");
        }
        return new MappedMemory(address, lengthBytes);
    }

    /** The memory, little-endian, in chunks. */
    public ByteBuffer[] chunks()
    {
        final ByteBuffer[] chunks = new ByteBuffer[(int)((lengthBytes + CHUNK_BYTES - 1) / CHUNK_BYTES)];
        for (int i = 0; i < chunks.length; i++)
        {
            final long offset = (long)i * CHUNK_BYTES;
            chunks[i] = MemoryIO.getInstance()
                .newDirectByteBuffer(address + offset, (int)Math.min(CHUNK_BYTES, lengthBytes - offset))
                .order(ByteOrder.LITTLE_ENDIAN);
        }
        return chunks;
    }

    @Override
    public void close()
    {
        if (address != 0)
        {
            LinuxCalls.unmap(address, lengthBytes);
            address = 0;
        }
    }
}
