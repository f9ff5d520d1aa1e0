package io.farblock.replication;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A place on this machine to listen at, below the range that the kernel gives to outgoing connections. None is given
 * twice, since nobody listens there yet when the next is asked for. Any thread.
 */
public final class FreeAddress
{
    private static final int FIRST = 10_240;
    private static final int END = 32_768;
    private static final int ATTEMPTS = 200;
    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    private FreeAddress()
    {
    }

    /** Free when it was looked for. */
    public static InetSocketAddress find() throws IOException
    {
        IOException last = null;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++)
        {
            final int port = ThreadLocalRandom.current().nextInt(FIRST, END);
            if (!GIVEN.add(port))
            {
                continue;
            }
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress()))
            {
                return new InetSocketAddress(socket.getInetAddress(), port);
            }
            catch (final IOException taken)
            {
                last = taken;
            }
        }
        throw new IOException("no free port on the loopback address", last);
    }
}
