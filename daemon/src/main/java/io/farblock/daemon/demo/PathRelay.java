package io.farblock.daemon.demo;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.NanoClock;

/**
 * One line between the sites: what connects to it is connected on. It counts what it carries towards the target, can
 * be slow in that direction, and can be cut and mended; a cut resets every connection and refuses new ones.
 *
 * <p>A thread accepts, and each connection has two that copy; all end with {@link #close()}. A connection that breaks
 * at either end is closed at the other, as a line would do it.
 */
public final class PathRelay implements Closeable
{
    private static final int CHUNK_BYTES = 16 << 10;
    private static final int CONNECT_TIMEOUT_MS = 2_000;

    private final String name;
    private final InetSocketAddress target;
    private final ByteBudget budget;
    private final AtomicLong carriedBytes = new AtomicLong();
    private final AtomicInteger flips = new AtomicInteger();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final int port;
    private ServerSocket server;
    private Thread acceptor;

    public PathRelay(final String name, final InetSocketAddress target, final NanoClock clock) throws IOException
    {
        this.name = name;
        this.target = target;
        this.budget = new ByteBudget(clock);
        this.server = LoopbackPort.anyFree();
        this.port = server.getLocalPort();
        start(server);
    }

    public String name()
    {
        return name;
    }

    public int port()
    {
        return port;
    }

    /** Towards the target, since construction. */
    public long carriedBytes()
    {
        return carriedBytes.get();
    }

    /** @param bytesPerSecond towards the target; 0 for no limit. */
    public void limit(final long bytesPerSecond)
    {
        budget.limit(bytesPerSecond);
    }

    /** Turns one bit of what next goes towards the target, somewhere in its middle. */
    public void flip()
    {
        flips.incrementAndGet();
    }

    /** Breaks the line: nothing passes until it is mended. */
    public synchronized void cut()
    {
        closeQuietly(server);
        awaitAcceptor();
        sockets.forEach(PathRelay::reset);
        sockets.clear();
    }

    /** Takes connections again, on the same port. */
    public synchronized void mend() throws IOException
    {
        if (server.isClosed())
        {
            server = LoopbackPort.listen(port);
            start(server);
        }
    }

    @Override
    public void close()
    {
        cut();
    }

    private void start(final ServerSocket accepting)
    {
        acceptor = daemonThread("relay-" + name, () ->
        {
            while (!accepting.isClosed())
            {
                try
                {
                    connect(accepting, accepting.accept());
                }
                catch (final IOException cutOrRefused)
                {
                    // Cut: the loop ends. Out of descriptors: the next connection may do better.
                    LockSupport.parkNanos(1_000_000);
                }
            }
        });
    }

    /** While a thread is still inside of accept, the kernel still takes connections. */
    private void awaitAcceptor()
    {
        try
        {
            acceptor.join(2 * CONNECT_TIMEOUT_MS);
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
    }

    private void connect(final ServerSocket accepting, final Socket near)
    {
        final Socket far = new Socket();
        sockets.add(near);
        sockets.add(far);
        try
        {
            far.connect(target, CONNECT_TIMEOUT_MS);
            near.setTcpNoDelay(true);
            far.setTcpNoDelay(true);
            daemonThread("relay-" + name + ">", () -> copy(near, far, true));
            daemonThread("relay-" + name + "<", () -> copy(far, near, false));
        }
        catch (final IOException nobodyThere)
        {
            end(near, far);
        }
        if (accepting.isClosed())
        {
            // A cut that came between accept and here has not seen these two.
            end(near, far);
        }
    }

    private void copy(final Socket from, final Socket to, final boolean towardsTarget)
    {
        final byte[] chunk = new byte[CHUNK_BYTES];
        try
        {
            final InputStream in = from.getInputStream();
            final OutputStream out = to.getOutputStream();
            for (int count = in.read(chunk); count >= 0; count = in.read(chunk))
            {
                if (towardsTarget)
                {
                    pause(budget.takeNs(count));
                    flip(chunk, count);
                }
                out.write(chunk, 0, count);
                if (towardsTarget)
                {
                    carriedBytes.addAndGet(count);
                }
            }
        }
        catch (final IOException broken)
        {
            // Either end is gone, or the line was cut.
        }
        end(from, to);
    }

    private void end(final Socket one, final Socket other)
    {
        sockets.remove(one);
        sockets.remove(other);
        reset(one);
        reset(other);
    }

    private void flip(final byte[] chunk, final int count)
    {
        if (flips.get() > 0)
        {
            flips.decrementAndGet();
            chunk[count / 2] ^= 1;
        }
    }

    private static void pause(final long waitNs)
    {
        if (waitNs > 0)
        {
            LockSupport.parkNanos(waitNs);
        }
    }

    private static void reset(final Socket socket)
    {
        try
        {
            // With this, close sends a reset and drops what is queued: a cut line delivers nothing more.
            socket.setSoLinger(true, 0);
        }
        catch (final IOException alreadyClosed)
        {
            // Then there is nothing left to drop.
        }
        closeQuietly(socket);
    }

    private static void closeQuietly(final Closeable closeable)
    {
        try
        {
            closeable.close();
        }
        catch (final IOException harmless)
        {
            // It is closed either way.
        }
    }

    private static Thread daemonThread(final String name, final Runnable work)
    {
        final Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
