package io.farblock.replication.paths;

import io.farblock.replication.status.SourceStatus.StageStatus;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;

/** What carries frames between sites: sockets, or a simulation of them. Safe from any thread. */
public interface Network extends AutoCloseable
{
    /** Begins to connect; the handler hears how that ended. Never blocks. */
    void connect(PathConfig path, ConnectionHandler handler);

    /**
     * Accepts connections on an address, each with a handler of its own from when it is secured; at most
     * {@link #CONNECTION_LIMIT} of those at a time.
     *
     * @param refusals hears of the others.
     * @throws IllegalStateException when the address cannot be listened on; the message names it.
     */
    void listen(InetSocketAddress address, Supplier<ConnectionHandler> handlers, Refusals refusals);

    /** Secured connections beyond this are closed at once, so that a flood cannot eat memory. */
    int CONNECTION_LIMIT = 256;

    /** Whether connections are private, and their other side known. */
    default boolean isEncrypted()
    {
        return false;
    }

    /** What is trusted, or this side's certificate, has changed: connections that it no longer allows are closed. */
    default void securityChanged()
    {
        // Where nothing is secured, nothing changes.
    }

    /** Another number whenever this side is known by another certificate than before. */
    default int ownSerial()
    {
        return 0;
    }

    /** Makes threads that may send without making objects; for whoever sends a lot. */
    default ThreadFactory threads()
    {
        return Thread::new;
    }

    /** What the network's own thread has done; empty where there is none. */
    default List<StageStatus> stages()
    {
        return List.of();
    }

    @Override
    void close();
}
