package io.farblock.replication.paths;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Looks up the host names of paths, each on a short-lived thread of its own: the system's resolver blocks for as long
 * as name servers do not answer, and must keep nobody waiting but the path that asks. At most one at a time for each
 * path: one that gives up and tries again must not pile up threads.
 */
final class HostLookup
{
    /** The system's resolver, or a test's. */
    interface Resolver
    {
        InetAddress resolve(String host) throws UnknownHostException;
    }

    /** Hears how a look-up ended; called on any thread. */
    interface Listener
    {
        void onFound(InetSocketAddress address);

        void onFailed(String problem);
    }

    private final String threadName;
    private final Resolver resolver;
    private final Set<PathConfig> running = ConcurrentHashMap.newKeySet();

    HostLookup(final String threadName, final Resolver resolver)
    {
        this.threadName = threadName;
        this.resolver = resolver;
    }

    /** Looks up the path's remote host. */
    void begin(final PathConfig path, final Listener listener)
    {
        if (!running.add(path))
        {
            listener.onFailed("its name is still being looked up: do the name servers answer?");
            return;
        }
        final Thread thread = new Thread(() -> lookUp(path, listener), threadName);
        thread.setDaemon(true);
        thread.start();
    }

    private void lookUp(final PathConfig path, final Listener listener)
    {
        InetAddress address = null;
        String problem = "";
        try
        {
            address = resolver.resolve(path.remote().getHostString());
        }
        catch (final UnknownHostException ex)
        {
            problem = ex.getMessage();
        }
        finally
        {
            // Before anybody hears of it, and may ask again.
            running.remove(path);
        }
        if (address == null)
        {
            listener.onFailed(problem);
        }
        else
        {
            listener.onFound(new InetSocketAddress(address, path.remote().getPort()));
        }
    }
}
