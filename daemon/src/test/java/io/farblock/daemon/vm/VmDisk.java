package io.farblock.daemon.vm;

import io.farblock.blockdev.DeviceException;
import io.farblock.blockdev.linux.Images;
import io.farblock.blockdev.linux.LinuxBlockDevice;
import io.farblock.blockdev.linux.OpenMode;
import io.farblock.blockdev.nbd.NbdAddress;
import io.farblock.blockdev.nbd.NbdEvents;
import io.farblock.blockdev.nbd.NbdExport;
import io.farblock.blockdev.nbd.NbdServer;
import io.farblock.blockdev.nbd.NbdServerConfig;
import io.farblock.powersim.PowerRail;
import io.farblock.powersim.VolatileDevice;
import io.farblock.powersim.VolatileSetup;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A disk of a guest, on a file. A volatile one is a {@link VolatileDevice} that this JVM serves over NBD: a cut keeps,
 * drops or tears each write that the guest has not flushed. A plain one is read by QEMU itself, knows discards and
 * loses nothing. The file is safe in this machine's page cache. One thread.
 */
final class VmDisk implements AutoCloseable
{
    private final Path file;
    private final Path socket;
    private final boolean writeThrough;
    /** Null for a plain one. */
    private final VolatileDevice cache;
    private NbdServer server;

    private VmDisk(final Path file, final VolatileDevice cache, final boolean writeThrough)
    {
        this.file = file;
        this.cache = cache;
        this.writeThrough = writeThrough;
        socket = file.resolveSibling(file.getFileName() + ".sock");
    }

    static VmDisk volatileDisk(final Path file, final long sizeBytes, final VolatileSetup setup) throws IOException
    {
        return new VmDisk(file, cache(file, sizeBytes, setup), false);
    }

    /** One without a write cache, as the guest sees it: QEMU asks for each write to be durable. */
    static VmDisk writeThrough(final Path file, final long sizeBytes) throws IOException
    {
        return new VmDisk(file, cache(file, sizeBytes, VolatileSetup.plain()), true);
    }

    static VmDisk plain(final Path file, final long sizeBytes) throws IOException
    {
        Images.sparse(file, sizeBytes);
        return new VmDisk(file, null, false);
    }

    void plugInto(final PowerRail rail)
    {
        if (cache != null)
        {
            rail.plug(cache);
        }
    }

    /** Begins to serve it; the rail has power. */
    void serve() throws IOException
    {
        if (cache == null)
        {
            return;
        }
        try
        {
            server = NbdServer.start(NbdServerConfig.builder(NbdAddress.unix(socket))
                .exports(new NbdExport("", cache, false, "")).workers(2).loops(1).conclude(), NbdEvents.NONE);
        }
        catch (final DeviceException ex)
        {
            throw new IOException(ex.getMessage(), ex);
        }
    }

    /** After a cut, so that nothing the dead guest had still asked for reaches it when the power is back. */
    void endServing()
    {
        if (server != null)
        {
            server.close();
            server = null;
        }
    }

    /** What QEMU is told of it; the guest's flushes are passed on. */
    String drive(final String id)
    {
        return "if=none,id=" + id + ",format=raw,cache.no-flush=off," + (cache == null ?
            "cache.direct=off,discard=unmap,detect-zeroes=off,file=" + file :
            "cache.direct=on,file.driver=nbd,file.server.type=unix,file.server.path=" + socket);
    }

    String device(final String id)
    {
        final String discards = cache == null ? "on" : "off";
        return "virtio-blk-pci,drive=" + id + ",discard=" + discards + ",write-zeroes=" + discards +
            (writeThrough ? ",write-cache=off" : "");
    }

    @Override
    public void close()
    {
        endServing();
        if (cache != null)
        {
            cache.close();
        }
    }

    private static VolatileDevice cache(final Path file, final long sizeBytes, final VolatileSetup setup)
        throws IOException
    {
        Images.sparse(file, sizeBytes);
        try
        {
            return new VolatileDevice(LinuxBlockDevice.open(file, OpenMode.readWrite().buffered()), setup);
        }
        catch (final DeviceException ex)
        {
            throw new IOException(ex.getMessage(), ex);
        }
    }
}
