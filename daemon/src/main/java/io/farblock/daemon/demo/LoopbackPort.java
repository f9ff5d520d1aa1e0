package io.farblock.daemon.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Listening sockets on 127.0.0.1 below the range that the kernel hands to outgoing connections. Somebody who keeps
 * connecting to a port of that range while nobody listens is one day given the very port, is connected to himself, and
 * keeps it from the listener who comes back: just what a cut line and a killed target invite.
 *
 * <p>No port is given twice: whoever closes it means to listen there a moment later, or has another process do so. Any
 * thread.
 */
public final class LoopbackPort
{
    private static final int FIRST = 10_240;
    private static final int END = 32_768;
    private static final int ATTEMPTS = 200;
    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    private LoopbackPort()
    {
    }

    /** A socket on some free port that nobody was given before; the caller closes it. */
    public static ServerSocket anyFree() throws IOException
    {
        IOException last = null;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++)
        {
            final int port = ThreadLocalRandom.current().nextInt(FIRST, END);
            if (!GIVEN.add(port))
            {
                continue;
            }
            try
            {
                return listen(port);
            }
            catch (final IOException taken)
            {
                last = taken;
            }
        }
        throw new IOException("no free port on 127.0.0.1", last);
    }

    /** A socket on that port; the caller closes it. */
    public static ServerSocket listen(final int port) throws IOException
    {
        final ServerSocket server = new ServerSocket();
        try
        {
            // What was connected through this port a moment ago lingers in the kernel and must not be in the way.
            server.setReuseAddress(true);
            server.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[]{127, 0, 0, 1}), port));
            return server;
        }
        catch (final IOException failed)
        {
            server.close();
            throw failed;
        }
    }
}
