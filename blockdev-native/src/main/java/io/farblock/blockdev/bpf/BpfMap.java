package io.farblock.blockdev.bpf;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.Errno;
import io.farblock.blockdev.linux.BpfCalls;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * A map of the kernel, by descriptor: lives as long as a descriptor, a program or a pin refers to it. Used by the
 * thread that opened it. Creating and opening throw; the rest returns {@code >= 0} or -errno.
 */
final class BpfMap implements AutoCloseable
{
    static final int HASH = 1;
    static final int ARRAY = 2;
    static final int ARRAY_OF_MAPS = 12;
    static final int MMAPABLE = 0x400;
    /** May stand in for a map of another size inside an array of maps. */
    static final int INNER = 0x1000;

    private final int keyBytes;
    private final int valueBytes;
    private int fd;

    private BpfMap(final int fd, final int keyBytes, final int valueBytes)
    {
        this.fd = fd;
        this.keyBytes = keyBytes;
        this.valueBytes = valueBytes;
    }

    static BpfMap hash(final String name, final int keyBytes, final int valueBytes, final int entries)
        throws BpfException
    {
        return create(name, HASH, keyBytes, valueBytes, entries, 0, 0);
    }

    /** An array of 64-bit words that can be mapped into memory. */
    static BpfMap words(final String name, final int words) throws BpfException
    {
        return create(name, ARRAY, 4, 8, words, MMAPABLE | INNER, 0);
    }

    /** An array whose values are maps of the same kind as {@code example}. */
    static BpfMap maps(final String name, final int entries, final BpfMap example) throws BpfException
    {
        return create(name, ARRAY_OF_MAPS, 4, 4, entries, 0, example.fd);
    }

    static BpfMap open(final Path pin, final int keyBytes, final int valueBytes) throws BpfException
    {
        return new BpfMap(Pins.open(pin), keyBytes, valueBytes);
    }

    private static BpfMap create(final String name, final int type, final int keyBytes, final int valueBytes,
        final int entries, final int flags, final int innerFd) throws BpfException
    {
        final int fd = new BpfRequest(48).putInt(0, type).putInt(4, keyBytes).putInt(8, valueBytes)
            .putInt(12, entries).putInt(16, flags).putInt(20, innerFd).putName(28, name)
            .sendOrThrow(BpfRequest.MAP_CREATE, "create the map " + name + " of " + Integer.toUnsignedString(entries) +
                " entries");
        return new BpfMap(fd, keyBytes, valueBytes);
    }

    int fd()
    {
        return fd;
    }

    /** How many entries it was created for. */
    int capacity() throws BpfException
    {
        return info().getInt(16);
    }

    /** The kernel's number for this map, the same for every descriptor of it. */
    int id() throws BpfException
    {
        return info().getInt(4);
    }

    ByteBuffer key()
    {
        return AlignedBuffers.allocate(keyBytes);
    }

    ByteBuffer value()
    {
        return AlignedBuffers.allocate(valueBytes);
    }

    /** 0, or -ENOENT. The value of an array of maps is the number of the map. */
    int lookup(final ByteBuffer key, final ByteBuffer value)
    {
        return element(key).putAddress(16, value).send(BpfRequest.MAP_LOOKUP);
    }

    /** 0, or -errno. The value for an array of maps is a descriptor. */
    int update(final ByteBuffer key, final ByteBuffer value)
    {
        return element(key).putAddress(16, value).send(BpfRequest.MAP_UPDATE);
    }

    /** 0, or -ENOENT. */
    int delete(final ByteBuffer key)
    {
        return element(key).send(BpfRequest.MAP_DELETE);
    }

    @Override
    public void close()
    {
        if (fd >= 0)
        {
            BpfCalls.close(fd);
            // later calls get EBADF, not whatever is opened next under the same number
            fd = -Errno.EBADF;
        }
    }

    private BpfRequest element(final ByteBuffer key)
    {
        return new BpfRequest(32).putInt(0, fd).putAddress(8, key);
    }

    private ByteBuffer info() throws BpfException
    {
        final ByteBuffer info = AlignedBuffers.allocate(80);
        new BpfRequest(16).putInt(0, fd).putInt(4, info.capacity()).putAddress(8, info)
            .sendOrThrow(BpfRequest.OBJ_INFO, "ask about a map");
        return info;
    }
}
