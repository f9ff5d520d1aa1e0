package io.farblock.replication.paths;

import java.net.InetSocketAddress;
import java.util.function.Supplier;

/** What carries frames between sites: sockets, or a simulation of them. Safe from any thread. */
public interface Network extends AutoCloseable
{
    /** Begins to connect; the handler hears how that ended. Never blocks. */
    void connect(PathConfig path, ConnectionHandler handler);

    /**
     * Accepts connections on an address, each with a handler of its own; at most {@link #CONNECTION_LIMIT} at a time.
     *
     * @throws IllegalStateException when the address cannot be listened on; the message names it.
     */
    void listen(InetSocketAddress address, Supplier<ConnectionHandler> handlers);

    /** Accepted connections beyond this are closed at once, so that a flood cannot eat memory. */
    int CONNECTION_LIMIT = 256;

    /** How many frames were refused for length or CRC since launch. */
    long refusedFrames();

    @Override
    void close();
}
