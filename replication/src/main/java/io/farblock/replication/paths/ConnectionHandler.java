package io.farblock.replication.paths;

/** Hears of one connection. Called on the network's thread, never at the same time for the same connection. */
public interface ConnectionHandler
{
    /** The connection stands. */
    void onOpened(Connection connection);

    /** A frame whose length was allowed and whose CRC was right; valid during the call, unless it is kept. */
    void onFrame(Connection connection, ReceivedFrame frame);

    /** What was queued has gone out so far that {@link Connection#isWritable()} is true again. */
    default void onWritable(final Connection connection)
    {
        // Whoever sends little never fills a queue.
    }

    /** Bytes arrived that are no intact frame; the connection is closed after this. */
    default void onRefused(final Connection connection, final String problem)
    {
        // Whoever dialled learns it from the close.
    }

    /** The connection is gone, or could not be made. Called once, last. */
    void onClosed(String reason);
}
