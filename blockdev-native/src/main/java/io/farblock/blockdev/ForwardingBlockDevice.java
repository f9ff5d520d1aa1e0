package io.farblock.blockdev;

import java.nio.ByteBuffer;

/**
 * Hands every request on to another device; whoever extends it changes what it wants to be different. As thread safe as
 * that device, and closed with it.
 *
 * <p>Not {@link #writeDurable} and {@link #zeroDurable}: those go through its own write, zero and flush, since
 * what is different about these must not be missed by them. Who changes nothing about writing may hand them on.
 */
public abstract class ForwardingBlockDevice implements BlockDevice
{
    /** Who does the work. */
    protected final BlockDevice device;

    protected ForwardingBlockDevice(final BlockDevice device)
    {
        this.device = device;
    }

    @Override
    public Geometry geometry()
    {
        return device.geometry();
    }

    @Override
    public int read(final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
    {
        return device.read(offsetBytes, buffer, index, lengthBytes);
    }

    @Override
    public int write(final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
    {
        return device.write(offsetBytes, buffer, index, lengthBytes);
    }

    @Override
    public int zero(final long offsetBytes, final long lengthBytes)
    {
        return device.zero(offsetBytes, lengthBytes);
    }

    @Override
    public int discard(final long offsetBytes, final long lengthBytes)
    {
        return device.discard(offsetBytes, lengthBytes);
    }

    @Override
    public int flush()
    {
        return device.flush();
    }

    @Override
    public long nextData(final long offsetBytes)
    {
        return device.nextData(offsetBytes);
    }

    @Override
    public long nextHole(final long offsetBytes)
    {
        return device.nextHole(offsetBytes);
    }

    @Override
    public String name()
    {
        return device.name();
    }

    @Override
    public void close()
    {
        device.close();
    }
}
