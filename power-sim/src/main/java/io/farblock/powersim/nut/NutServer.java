package io.farblock.powersim.nut;

import io.farblock.powersim.ups.Communication;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import org.agrona.concurrent.NanoClock;

/**
 * Listens at one address and gives each client a thread, up to a number: then the one that has been silent longest and
 * has not logged in gives way to the next, so that nobody can keep others out by holding connections. Closed by its
 * owner.
 */
public final class NutServer implements AutoCloseable
{
    /** With fewer a crowd makes the kernel drop others, who then wait a second before they try again. */
    private static final int BACKLOG = 1024;

    private final NutSource source;
    private final List<NutUser> users;
    private final SSLContext tls;
    private final NutLimits limits;
    private final NanoClock clock;
    private final NutLogins logins = new NutLogins();
    private final Map<NutConnection, Thread> connections = new ConcurrentHashMap<>();
    private InetSocketAddress address;
    private ServerSocket listener;
    private Thread acceptor;

    /** @param tls null for none. */
    public NutServer(final InetSocketAddress address, final NutSource source, final List<NutUser> users,
        final SSLContext tls, final NutLimits limits, final NanoClock clock)
    {
        this.address = address;
        this.source = source;
        this.users = List.copyOf(users);
        this.tls = tls;
        this.limits = limits;
        this.clock = clock;
    }

    /** Takes connections from now on; if it did already, nothing changes. */
    public synchronized void listen() throws IOException
    {
        if (listener != null)
        {
            return;
        }
        final ServerSocket socket = new ServerSocket();
        try
        {
            socket.setReuseAddress(true);
            socket.bind(address, BACKLOG);
        }
        catch (final IOException | RuntimeException failed)
        {
            socket.close();
            throw failed;
        }
        // when it had no port, it keeps the one that it was given
        address = new InetSocketAddress(address.getAddress(), socket.getLocalPort());
        listener = socket;
        acceptor = new Thread(() -> accept(socket), "ups-accept");
        acceptor.start();
    }

    /** Where it listens, or did. */
    public synchronized InetSocketAddress address()
    {
        return address;
    }

    private void accept(final ServerSocket from)
    {
        while (!from.isClosed())
        {
            try
            {
                admit(from.accept());
            }
            catch (final IOException closedOrOutOfDescriptors)
            {
                // when it is closed the loop ends; when descriptors are short the client that was lost will try again
            }
        }
    }

    private void admit(final Socket client) throws IOException
    {
        client.setTcpNoDelay(true);
        final NutSession session = new NutSession(source, users, logins, client.getInetAddress().getHostAddress(),
            tls != null);
        final NutConnection connection = new NutConnection(client, session, tls, limits, clock);
        if (connections.size() >= limits.connections() && !makeRoom())
        {
            connection.close();
            return;
        }
        final Thread thread = new Thread(() ->
        {
            connection.run(() -> source.communication() == Communication.HANG);
            connections.remove(connection);
        }, "ups-nut");
        connections.put(connection, thread);
        thread.start();
    }

    private boolean makeRoom()
    {
        final Optional<Map.Entry<NutConnection, Thread>> stalest = connections.entrySet().stream()
            .filter((entry) -> !entry.getKey().isLoggedIn())
            .min(Comparator.comparingLong((entry) -> entry.getKey().heardNs()));
        stalest.ifPresent((entry) ->
        {
            entry.getKey().close();
            // its thread sees that on its way out; to wait for it would let a crowd be admitted at its pace
            connections.remove(entry.getKey());
        });
        return stalest.isPresent();
    }

    /** Refuses connections and ends those that are there, until it is told to {@link #listen} again. */
    @Override
    public synchronized void close()
    {
        final List<Thread> ending = new ArrayList<>();
        if (listener != null)
        {
            closeQuietly(listener);
            listener = null;
            // first, so that nobody is admitted after the list of those who are to go was made
            join(acceptor);
        }
        connections.forEach((connection, thread) ->
        {
            connection.close();
            ending.add(thread);
        });
        ending.forEach(NutServer::join);
    }

    private static void closeQuietly(final ServerSocket socket)
    {
        try
        {
            socket.close();
        }
        catch (final IOException harmless)
        {
            // nobody is listening any more either way
        }
    }

    private static void join(final Thread thread)
    {
        try
        {
            thread.join();
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
    }
}
