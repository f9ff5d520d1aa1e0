package io.farblock.daemon.vm;

import io.farblock.blockdev.linux.Images;
import io.farblock.daemon.faults.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A disk of a guest, on a file. A volatile one keeps what was written in a cache of nbdkit's that is never written back
 * unless the guest flushes, and that dies with the process: so a cut drops all that was not flushed. A plain one knows
 * discards and loses nothing. The file itself is safe in this machine's page cache. One thread.
 */
final class VmDisk implements AutoCloseable
{
    private final Path file;
    private final Path socket;
    private final Path log;
    private final boolean keepsAll;
    private Process server;

    private VmDisk(final Path file, final boolean keepsAll)
    {
        this.file = file;
        this.keepsAll = keepsAll;
        socket = file.resolveSibling(file.getFileName() + ".sock");
        log = file.resolveSibling(file.getFileName() + ".log");
    }

    static VmDisk volatileDisk(final Path file, final long sizeBytes) throws IOException
    {
        Images.sparse(file, sizeBytes);
        return new VmDisk(file, false);
    }

    static VmDisk plain(final Path file, final long sizeBytes) throws IOException
    {
        Images.sparse(file, sizeBytes);
        return new VmDisk(file, true);
    }

    /** Begins to serve it, with an empty cache. */
    void powerOn() throws IOException
    {
        if (keepsAll)
        {
            return;
        }
        // a server that was killed leaves its socket, and the next refuses to take its place
        Files.deleteIfExists(socket);
        server = VmTools.start(log, "nbdkit", "--foreground", "--exit-with-parent", "--unix", socket.toString(),
            "--filter=cache", "file", file.toString(), "cache=writeback");
        Deadline.await("nbdkit serves " + file, 10, () ->
        {
            if (!server.isAlive())
            {
                throw new AssertionError("nbdkit ended: " + VmTools.tail(log));
            }
            return Files.exists(socket);
        });
    }

    void cut()
    {
        VmTools.kill(server);
        server = null;
    }

    /** What QEMU is told of it; the guest's flushes are passed on. */
    String drive(final String id)
    {
        final String common = "if=none,id=" + id + ",format=raw,cache.direct=off,cache.no-flush=off,";
        return common + (keepsAll ? "discard=unmap,detect-zeroes=off,file=" + file : "file=nbd:unix:" + socket);
    }

    String device(final String id)
    {
        final String discards = keepsAll ? "on" : "off";
        return "virtio-blk-pci,drive=" + id + ",discard=" + discards + ",write-zeroes=" + discards;
    }

    @Override
    public void close() throws IOException
    {
        cut();
        Files.deleteIfExists(socket);
    }
}
