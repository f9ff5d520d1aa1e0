package io.farblock.replication.paths;

import io.farblock.replication.identity.PeerIdentity;
import java.nio.ByteBuffer;

/**
 * One live connection of a path, whatever carries it. Every method may be called from any thread; frames that one
 * thread sends keep their order.
 */
public interface Connection
{
    /**
     * Takes a copy of a whole frame and sends it after {@link #flush()}, if not before.
     *
     * @return false when the connection is closed; the frame is lost then, as it may be after true.
     */
    default boolean send(final ByteBuffer buffer, final int offset, final int lengthBytes)
    {
        return send(buffer, offset, lengthBytes, buffer, 0, 0);
    }

    /** As the other {@code send}, for a frame that lies in two places: its head, and the rest of it. */
    boolean send(
        ByteBuffer head, int headOffset, int headBytes, ByteBuffer tail, int tailOffset, int tailBytes);

    /** Sends what was taken. */
    void flush();

    /** Whether more may be sent without queueing beyond the limit. */
    boolean isWritable();

    /** Of frames, whole or in part, that have arrived so far. */
    long receivedBytes();

    /** Largest frame that will be accepted from the other side; small until it has introduced itself. */
    void frameLimit(int limitBytes);

    /** Closes once; later calls do nothing. {@link ConnectionHandler#onClosed} follows. */
    void close(String reason);

    /** The other side's address, for people. */
    String remote();

    /** Who the other side has proved to be; null when bytes travel in clear, and anybody may be there. */
    default PeerIdentity identity()
    {
        return null;
    }
}
