package io.farblock.blockdev.bpf;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.DeviceException;
import io.farblock.blockdev.linux.MappedMemory;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.stream.Stream;

/**
 * The words of a map that programs write at any moment, read and changed with 64-bit atomics. One thread; after
 * {@link #close} every access throws instead of touching memory that is no longer there.
 */
final class MappedWords implements AutoCloseable
{
    private static final VarHandle WORD =
        MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int CHUNK_WORDS = MappedMemory.CHUNK_BYTES / 8;

    private final MappedMemory memory;
    private ByteBuffer[] chunks;
    private LongBuffer[] longs;

    private MappedWords(final MappedMemory memory, final ByteBuffer[] chunks)
    {
        this.memory = memory;
        this.chunks = chunks;
        this.longs = Stream.of(chunks).map(chunk -> chunk.duplicate().order(ByteOrder.LITTLE_ENDIAN).asLongBuffer())
            .toArray(LongBuffer[]::new);
    }

    static MappedWords map(final BpfMap map, final int words) throws DeviceException
    {
        final MappedMemory memory = MappedMemory.map(map.fd(), words * 8L);
        return new MappedWords(memory, memory.chunks());
    }

    /** Words that no kernel knows, for tests of what is done with them. */
    static MappedWords inMemory(final int words)
    {
        return new MappedWords(null, new ByteBuffer[]{AlignedBuffers.allocate(words * 8)});
    }

    long get(final long index)
    {
        return (long)WORD.getVolatile(chunk(index), offset(index));
    }

    /**
     * Copies words in one go, some times as fast as one by one. Each bit is as it was at some moment during the call:
     * good for a look, where a bit that comes late is seen the next time.
     */
    void get(final long index, final long[] into)
    {
        final int at = (int)(index % CHUNK_WORDS);
        if (at + into.length <= CHUNK_WORDS)
        {
            longs[(int)(index / CHUNK_WORDS)].get(at, into);
            return;
        }
        for (int i = 0; i < into.length; i++)
        {
            into[i] = get(index + i);
        }
    }

    void set(final long index, final long value)
    {
        WORD.setVolatile(chunk(index), offset(index), value);
    }

    long getAndSet(final long index, final long value)
    {
        return (long)WORD.getAndSet(chunk(index), offset(index), value);
    }

    boolean compareAndSet(final long index, final long expected, final long value)
    {
        return WORD.compareAndSet(chunk(index), offset(index), expected, value);
    }

    void or(final long index, final long bits)
    {
        WORD.getAndBitwiseOr(chunk(index), offset(index), bits);
    }

    @Override
    public void close()
    {
        chunks = new ByteBuffer[0];
        longs = new LongBuffer[0];
        if (memory != null)
        {
            memory.close();
        }
    }

    private ByteBuffer chunk(final long index)
    {
        return chunks[(int)(index / CHUNK_WORDS)];
    }

    private static int offset(final long index)
    {
        return (int)(index % CHUNK_WORDS) * 8;
    }
}
