package io.farblock.blockdev.nbd;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.Geometry;
import io.farblock.blockdev.MemoryBlockDevice;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/** Memory that counts its calls, fails as it is told, and holds calls up while its gate is shut. Any thread. */
final class ProbedDevice implements BlockDevice
{
    final AtomicInteger reads = new AtomicInteger();
    final AtomicInteger writes = new AtomicInteger();
    final AtomicInteger zeros = new AtomicInteger();
    final AtomicInteger flushes = new AtomicInteger();
    final AtomicInteger inside = new AtomicInteger();
    volatile int error;
    volatile RuntimeException thrown;
    volatile CountDownLatch gate = new CountDownLatch(0);

    private final MemoryBlockDevice memory;
    private final Geometry geometry;

    ProbedDevice(final long sizeBytes)
    {
        this(sizeBytes, 512);
    }

    ProbedDevice(final long sizeBytes, final int sectorBytes)
    {
        memory = new MemoryBlockDevice("memory", sizeBytes);
        geometry = new Geometry(sizeBytes, sectorBytes, 1);
    }

    private int call(final AtomicInteger counter, final IntSupplier operation)
    {
        // in this order: whoever sees a call counted sees it inside
        inside.incrementAndGet();
        counter.incrementAndGet();
        try
        {
            gate.await();
            if (thrown != null)
            {
                throw thrown;
            }
            return error != 0 ? -error : operation.getAsInt();
        }
        catch (final InterruptedException ex)
        {
            throw new IllegalStateException(ex);
        }
        finally
        {
            inside.decrementAndGet();
        }
    }

    @Override
    public Geometry geometry()
    {
        return geometry;
    }

    @Override
    public int read(final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
    {
        return call(reads, () -> memory.read(offsetBytes, buffer, index, lengthBytes));
    }

    @Override
    public int write(final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
    {
        return call(writes, () -> memory.write(offsetBytes, buffer, index, lengthBytes));
    }

    @Override
    public int zero(final long offsetBytes, final long lengthBytes)
    {
        return call(zeros, () -> memory.zero(offsetBytes, lengthBytes));
    }

    @Override
    public int discard(final long offsetBytes, final long lengthBytes)
    {
        return call(zeros, () -> memory.discard(offsetBytes, lengthBytes));
    }

    @Override
    public int flush()
    {
        return call(flushes, memory::flush);
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
        return "probe";
    }

    @Override
    public void close()
    {
        memory.close();
    }
}
