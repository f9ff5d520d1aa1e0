package io.farblock.replication.sim;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.Errno;
import io.farblock.blockdev.Geometry;
import java.nio.ByteBuffer;
import java.util.function.LongSupplier;

/** A process's descriptor of a disk. Every use may be the process's last; a write may then be there in part. */
final class SimHandle implements BlockDevice
{
    private static final int SECTOR_BYTES = 512;

    private final SimDisk disk;
    private final SimHost host;

    SimHandle(final SimDisk disk, final SimHost host)
    {
        this.disk = disk;
        this.host = host;
    }

    @Override
    public Geometry geometry()
    {
        return disk.disk.geometry();
    }

    @Override
    public int read(final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
    {
        return (int)alive(() ->
        {
            disk.beforeRead.run();
            return disk.disk.read(offsetBytes, buffer, index, lengthBytes);
        });
    }

    @Override
    public int write(final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
    {
        requireAlive();
        if (disk.full)
        {
            return -Errno.ENOSPC;
        }
        if (host.burn())
        {
            final int half = lengthBytes / 2 / SECTOR_BYTES * SECTOR_BYTES;
            disk.disk.write(offsetBytes, buffer, index, half);
            throw new ProcessKilled(host.name);
        }
        if (disk.ignoreWrite > 0 && --disk.ignoreWrite == 0)
        {
            return lengthBytes;
        }
        return disk.disk.write(offsetBytes, buffer, index, lengthBytes);
    }

    @Override
    public int zero(final long offsetBytes, final long lengthBytes)
    {
        return (int)alive(() -> disk.full ? -Errno.ENOSPC : disk.disk.zero(offsetBytes, lengthBytes));
    }

    @Override
    public int discard(final long offsetBytes, final long lengthBytes)
    {
        return (int)alive(() -> disk.disk.discard(offsetBytes, lengthBytes));
    }

    @Override
    public int flush()
    {
        return (int)alive(() ->
        {
            if (disk.flushFails)
            {
                disk.flushFails = false;
                disk.cut(lossSeed());
                return -Errno.EIO;
            }
            return disk.ignoreFlush ? 0 : disk.disk.flush();
        });
    }

    @Override
    public long nextData(final long offsetBytes)
    {
        return alive(() -> disk.disk.nextData(offsetBytes));
    }

    @Override
    public long nextHole(final long offsetBytes)
    {
        return alive(() -> disk.disk.nextHole(offsetBytes));
    }

    @Override
    public String name()
    {
        return disk.disk.name();
    }

    @Override
    public void close()
    {
        // The disk is not the process's: it stays for the next life.
    }

    private long alive(final LongSupplier operation)
    {
        requireAlive();
        host.burnOrDie();
        return operation.getAsLong();
    }

    private void requireAlive()
    {
        if (!host.isAlive())
        {
            throw new IllegalStateException("a dead process of " + host.name + " uses " + name());
        }
    }

    /** Which writes a failed flush loses; the same for equal runs. */
    private long lossSeed()
    {
        return disk.cache.unflushedWrites();
    }
}
