package io.farblock.daemon.demo;

import io.farblock.daemon.config.DaemonConfig;
import io.farblock.daemon.engine.Engine;
import io.farblock.replication.paths.PathConfig;
import io.farblock.replication.status.EpochResult;
import io.farblock.replication.status.SourceStatus;
import io.farblock.replication.status.SourceStatus.GroupStatus;
import io.farblock.replication.status.SourceStatus.PauseStatus;
import io.farblock.replication.status.TargetStatus;
import io.farblock.replication.status.VerifyResult;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Copies changed blocks of a small image over plain sockets, without any of the promises of replication: just enough
 * for the demo's story to be told in a test. A sender thread a path; a block whose path breaks goes back to the queue.
 */
final class ToyEngine implements Engine
{
    private static final int BLOCK = DemoImage.BLOCK_BYTES;

    private final DaemonConfig config;
    private final AtomicLong wire = new AtomicLong();
    private byte[] sealed = new byte[0];
    private volatile long scanned;
    private volatile long changed;
    private volatile long open;
    private long epoch;

    ToyEngine(final DaemonConfig config)
    {
        this.config = config;
        config.listen().forEach(address -> thread(() -> listen(address)));
    }

    @Override
    public List<String> groups()
    {
        return config.groups().stream().map(DaemonConfig.Group::name).toList();
    }

    @Override
    public List<SourceStatus> sources()
    {
        return groups().stream().map(group -> new SourceStatus("beta", "", List.of(), List.of(new GroupStatus(group,
            open > 0 ? "send" : "idle", "", open, epoch, "", -1, open > 0 ? sealed.length : 0, scanned, changed,
            changed, wire.get(), 0, null, "live", new PauseStatus(0, 0, 0, 0, 0, 0), List.of())), List.of())).toList();
    }

    @Override
    public TargetStatus target()
    {
        return null;
    }

    @Override
    public CompletableFuture<EpochResult> epochNow(final String group)
    {
        return CompletableFuture.supplyAsync(() -> copy(group));
    }

    @Override
    public CompletableFuture<VerifyResult> verify(final String group, final boolean repair)
    {
        throw new UnsupportedOperationException();
    }

    @Override
    public void path(final String peer, final String path, final boolean enabled)
    {
        throw new IllegalArgumentException("a toy has no paths");
    }

    @Override
    public void close()
    {
        // Its process ends with it.
    }

    private EpochResult copy(final String group)
    {
        try
        {
            final byte[] image = Files.readAllBytes(config.groups().get(0).volumes().get(0).device());
            sealed = Arrays.copyOf(sealed, image.length);
            wire.set(0);
            open = epoch + 1;
            final ConcurrentLinkedQueue<Integer> queue = new ConcurrentLinkedQueue<>();
            for (int at = 0; at < image.length; at += BLOCK)
            {
                if (epoch == 0 || !Arrays.equals(image, at, at + BLOCK, sealed, at, at + BLOCK))
                {
                    queue.add(at);
                }
            }
            changed = (long)queue.size() * BLOCK;
            final AtomicLong left = new AtomicLong(queue.size());
            final List<PathConfig> paths = config.peers().get(0).paths();
            paths.forEach(path -> thread(() -> send(path, image, queue, left)));
            while (left.get() > 0)
            {
                scanned = image.length - left.get() * BLOCK;
                LockSupport.parkNanos(1_000_000);
            }
            sealed = image;
            epoch = open;
            open = 0;
            return new EpochResult(
                group, epoch, true, "", "fuzzy", "", image.length, changed, changed, wire.get(), 0, 1_000_000);
        }
        catch (final IOException failed)
        {
            throw new UncheckedIOException(failed);
        }
    }

    private void send(
        final PathConfig path, final byte[] image, final ConcurrentLinkedQueue<Integer> queue, final AtomicLong left)
    {
        while (left.get() > 0)
        {
            Integer at = null;
            try (Socket socket = new Socket(path.remote().getAddress(), path.remote().getPort()))
            {
                final DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                final DataInputStream in = new DataInputStream(socket.getInputStream());
                while (left.get() > 0)
                {
                    at = queue.poll();
                    if (at == null)
                    {
                        LockSupport.parkNanos(1_000_000);
                        continue;
                    }
                    out.writeInt(at);
                    out.write(image, at, BLOCK);
                    wire.addAndGet(BLOCK);
                    in.readInt();
                    at = null;
                    left.decrementAndGet();
                }
            }
            catch (final IOException broken)
            {
                if (at != null)
                {
                    queue.add(at);
                }
                LockSupport.parkNanos(20_000_000);
            }
        }
    }

    private void listen(final InetSocketAddress address)
    {
        try (ServerSocket server = new ServerSocket())
        {
            server.setReuseAddress(true);
            server.bind(address);
            while (true)
            {
                final Socket socket = server.accept();
                thread(() -> receive(socket));
            }
        }
        catch (final IOException failed)
        {
            throw new UncheckedIOException(failed);
        }
    }

    private void receive(final Socket socket)
    {
        final byte[] block = new byte[BLOCK];
        try (socket; RandomAccessFile replica = new RandomAccessFile(
            config.replicas().get(0).device().toFile(), "rw"))
        {
            final DataInputStream in = new DataInputStream(socket.getInputStream());
            final DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            while (true)
            {
                final int at = in.readInt();
                in.readFully(block);
                replica.seek(at);
                replica.write(block);
                out.writeInt(at);
            }
        }
        catch (final IOException gone)
        {
            // The source connects again.
        }
    }

    private static void thread(final Runnable work)
    {
        final Thread thread = new Thread(work, "toy");
        thread.setDaemon(true);
        thread.start();
    }
}
