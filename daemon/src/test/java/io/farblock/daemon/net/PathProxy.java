package io.farblock.daemon.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Lines between two sites that do what lines do: what connects to a line is connected on, and what goes over it is
 * delayed, held, silenced, damaged or cut off as the test says. One thread, {@code proxy}, does everything; each
 * connection has a bounded buffer in either direction, and whoever sends too much has to wait.
 *
 * <p>What a test says is done when its call returns; each call gives the moment at which it was done, by the clock of
 * {@link System#nanoTime()}.
 */
final class PathProxy implements AutoCloseable
{
    private static final long LONGEST_WAIT_MS = 1_000;
    private static final long LIMIT_SECONDS = 10;

    private final List<ProxyLine> lines = new ArrayList<>();
    private final List<ServerSocketChannel> servers = new ArrayList<>();
    private final List<ProxyConnection> connections = new ArrayList<>();
    private final Queue<Runnable> orders = new ConcurrentLinkedQueue<>();
    private final Selector selector;
    private final int bufferBytes;
    private final Thread thread;
    private volatile boolean closed;

    /**
     * @param bufferBytes of a connection in each direction: at least twice what a line carries in its delay.
     * @param listen      address of each line.
     * @param targets     where each line leads.
     */
    PathProxy(final int bufferBytes, final List<InetSocketAddress> listen, final List<InetSocketAddress> targets)
        throws IOException
    {
        this.bufferBytes = bufferBytes;
        this.selector = Selector.open();
        try
        {
            for (int i = 0; i < listen.size(); i++)
            {
                servers.add(listen(listen.get(i)));
                // The port as it was given, so that a line that was cut comes back on the same.
                lines.add(new ProxyLine((InetSocketAddress)servers.get(i).getLocalAddress(), targets.get(i)));
            }
        }
        catch (final IOException ex)
        {
            closeAll();
            throw ex;
        }
        thread = new Thread(this::run, "proxy");
        thread.setDaemon(true);
        thread.start();
    }

    InetSocketAddress address(final int line)
    {
        return lines.get(line).listen;
    }

    /** Bytes that a line gave to the target. */
    long carriedBytes(final int line)
    {
        return lines.get(line).carriedBytes();
    }

    /** Delays what comes in from now on, each way. */
    long delay(final int line, final long delayNs)
    {
        return order(nowNs -> lines.get(line).delayNs = delayNs);
    }

    /** @param bytesPerSecond each way; 0 for no limit. */
    long rate(final int line, final long bytesPerSecond)
    {
        return order(nowNs -> lines.get(line).rate(bytesPerSecond));
    }

    /** Keeps back what goes to the target for a time, so that other lines overtake it. */
    long hold(final int line, final long holdNs)
    {
        return order(nowNs -> lines.get(line).heldUntilNs = nowNs + holdNs);
    }

    /** Flips a bit of what goes to the target soon. */
    long damage(final int line, final long seed)
    {
        return order(nowNs -> lines.get(line).damage(new Random(seed)));
    }

    /** Nothing moves any more; connections stay, and new ones are taken. */
    long silence(final int line)
    {
        return order(nowNs -> lines.get(line).silent = true);
    }

    /** Every connection is closed properly, and new ones are refused. */
    long end(final int line)
    {
        return order(nowNs -> cut(line, connection -> connection.end(nowNs)));
    }

    /** Every connection is reset, and new ones are refused. */
    long reset(final int line)
    {
        return order(nowNs -> cut(line, ProxyConnection::reset));
    }

    /** The line carries again: where it was silenced all that is still there, else new connections. */
    long mend(final int line)
    {
        return order(nowNs ->
        {
            lines.get(line).silent = false;
            if (!servers.get(line).isOpen())
            {
                try
                {
                    servers.set(line, listen(lines.get(line).listen));
                }
                catch (final IOException ex)
                {
                    throw new UncheckedIOException(ex);
                }
            }
        });
    }

    @Override
    public void close()
    {
        closed = true;
        selector.wakeup();
        try
        {
            thread.join(TimeUnit.SECONDS.toMillis(LIMIT_SECONDS));
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
    }

    private long order(final LongConsumer order)
    {
        final FutureTask<Long> task = new FutureTask<>(() ->
        {
            final long nowNs = System.nanoTime();
            order.accept(nowNs);
            // Until it has looked again, a selector keeps open what was closed.
            selector.selectNow();
            return nowNs;
        });
        orders.add(task);
        selector.wakeup();
        try
        {
            return task.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        }
        catch (final InterruptedException | ExecutionException | TimeoutException ex)
        {
            throw new IllegalStateException(ex);
        }
    }

    private void run()
    {
        try
        {
            while (!closed)
            {
                for (Runnable order = orders.poll(); order != null; order = orders.poll())
                {
                    order.run();
                }
                select(step());
                accept();
            }
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
        finally
        {
            closeAll();
        }
    }

    /** Moves what can be moved; returns when there is more to move even if nothing arrives. */
    private long step()
    {
        long nextNs = Long.MAX_VALUE;
        for (int i = connections.size() - 1; i >= 0; i--)
        {
            nextNs = Math.min(nextNs, connections.get(i).step(System.nanoTime()));
            if (connections.get(i).isClosed())
            {
                connections.remove(i);
            }
        }
        return nextNs;
    }

    private void select(final long nextNs) throws IOException
    {
        final long waitNs = nextNs - System.nanoTime();
        if (waitNs <= 0)
        {
            selector.selectNow();
        }
        else
        {
            selector.select(Math.min(LONGEST_WAIT_MS, TimeUnit.NANOSECONDS.toMillis(waitNs) + 1));
        }
    }

    private void accept() throws IOException
    {
        for (final SelectionKey key : selector.selectedKeys())
        {
            if (key.isValid() && key.isAcceptable())
            {
                final ServerSocketChannel server = (ServerSocketChannel)key.channel();
                final SocketChannel accepted = server.accept();
                if (accepted != null)
                {
                    connections.add(
                        new ProxyConnection(lines.get(servers.indexOf(server)), accepted, selector, bufferBytes));
                }
            }
        }
        selector.selectedKeys().clear();
    }

    private void cut(final int line, final Consumer<ProxyConnection> how)
    {
        try
        {
            servers.get(line).close();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
        connections.stream().filter(connection -> connection.line == lines.get(line)).forEach(how);
    }

    private ServerSocketChannel listen(final InetSocketAddress address) throws IOException
    {
        final ServerSocketChannel server = ServerSocketChannel.open();
        server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        server.configureBlocking(false);
        server.bind(address);
        server.register(selector, SelectionKey.OP_ACCEPT);
        return server;
    }

    private void closeAll()
    {
        connections.forEach(ProxyConnection::reset);
        for (final ServerSocketChannel server : servers)
        {
            try
            {
                server.close();
            }
            catch (final IOException harmless)
            {
                // It is gone either way.
            }
        }
        try
        {
            selector.close();
        }
        catch (final IOException harmless)
        {
            // It is gone either way.
        }
    }
}
