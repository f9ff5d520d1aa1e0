package io.farblock.blockdev;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Byte arrays to and from a device, for tests: each transfer must succeed as a whole, or the test fails. Runs on the
 * test's thread.
 */
public final class DeviceBytes
{
    private final BlockDevice device;

    public DeviceBytes(final BlockDevice device)
    {
        this.device = device;
    }

    public void write(final long offsetBytes, final byte[] data)
    {
        assertThat(tryWrite(offsetBytes, data)).as("write at %d of %s", offsetBytes, device.name())
            .isEqualTo(data.length);
    }

    /** Writes, and gives what the device said. */
    public int tryWrite(final long offsetBytes, final byte[] data)
    {
        final ByteBuffer buffer = AlignedBuffers.allocate(data.length);
        buffer.put(0, data);
        return device.write(offsetBytes, buffer, 0, data.length);
    }

    public byte[] read(final long offsetBytes, final int lengthBytes)
    {
        final ByteBuffer buffer = AlignedBuffers.allocate(lengthBytes);
        fill(buffer, (byte)0xa5);
        assertThat(device.read(offsetBytes, buffer, 0, lengthBytes)).as("read at %d of %s", offsetBytes, device.name())
            .isEqualTo(lengthBytes);
        return content(buffer);
    }

    /** Reads and forgets, and gives what the device said. */
    public int tryRead(final long offsetBytes, final int lengthBytes)
    {
        return device.read(offsetBytes, AlignedBuffers.allocate(lengthBytes), 0, lengthBytes);
    }

    /** Bytes that are the same for the same seed. */
    public static byte[] pattern(final long seed, final int lengthBytes)
    {
        final byte[] bytes = new byte[lengthBytes];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }

    /** Bytes that are all the same. */
    public static byte[] filled(final int value, final int lengthBytes)
    {
        final byte[] bytes = new byte[lengthBytes];
        Arrays.fill(bytes, (byte)value);
        return bytes;
    }

    public static byte[] content(final ByteBuffer buffer)
    {
        final byte[] bytes = new byte[buffer.capacity()];
        buffer.get(0, bytes);
        return bytes;
    }

    public static void fill(final ByteBuffer buffer, final byte value)
    {
        for (int i = 0; i < buffer.capacity(); i++)
        {
            buffer.put(i, value);
        }
    }
}
