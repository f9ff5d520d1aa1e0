package io.farblock.blockdev.nbd;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a server is to do, and its limits. All checks across fields are here. Immutable.
 *
 * @param address               where to listen; TCP port 0 takes any free one.
 * @param exports               at least one, each with a name of its own. Who asks for the empty name gets the export
 *                              of that name, or the only one.
 * @param connections           how many clients at once; one more is closed as it comes.
 * @param requestsPerConnection how many requests of a connection may be at work; the next ones are left in the socket.
 * @param bytesPerConnection    how much payload they may have together, until replies have left for the client. Each
 *                              connection has this to itself, so a client that does not read, or stops in the middle
 *                              of a write, holds up nobody else.
 * @param workers               threads that wait for devices.
 * @param loops                 threads that carry bytes.
 * @param handshakeTimeout      how long a client may take to choose an export.
 * @param closeTimeout          how long a closing server waits for clients to take their last replies.
 */
public record NbdServerConfig(NbdAddress address, List<NbdExport> exports, int connections, int requestsPerConnection,
    int bytesPerConnection, int workers, int loops, Duration handshakeTimeout, Duration closeTimeout)
{
    public NbdServerConfig
    {
        exports = List.copyOf(exports);
        if (exports.isEmpty())
        {
            throw new IllegalArgumentException("a server without exports: expected at least one");
        }
        final Set<String> names = new HashSet<>();
        for (final NbdExport export : exports)
        {
            if (!names.add(export.name()))
            {
                throw new IllegalArgumentException("two exports are named '" + export.name() + "': rename one");
            }
        }
        checkRange("connections", connections, 1, 10_000);
        checkRange("requestsPerConnection", requestsPerConnection, 1, 65_536);
        // one payload of the longest kind must find room, or it would wait for ever
        checkRange("bytesPerConnection", bytesPerConnection, Protocol.PAYLOAD_LIMIT_BYTES, Integer.MAX_VALUE);
        checkRange("workers", workers, 1, 999);
        checkRange("loops", loops, 1, 999);
        checkPositive("handshakeTimeout", handshakeTimeout);
        checkPositive("closeTimeout", closeTimeout);
    }

    public static Builder builder(final NbdAddress address)
    {
        return new Builder(address);
    }

    private static void checkRange(final String what, final int found, final int least, final int most)
    {
        if (found < least || found > most)
        {
            throw new IllegalArgumentException(what + "=" + found + ", expected " + least + " to " + most);
        }
    }

    static void checkPositive(final String what, final Duration found)
    {
        if (found.isNegative() || found.isZero())
        {
            throw new IllegalArgumentException(what + "=" + found + ", expected more than nothing");
        }
    }

    /** Defaults for everything but the address and the exports. One thread. */
    public static final class Builder
    {
        private final NbdAddress address;
        private List<NbdExport> exports = List.of();
        private int connections = 16;
        private int requestsPerConnection = 16;
        private int bytesPerConnection = Protocol.PAYLOAD_LIMIT_BYTES;
        private int workers = 8;
        private int loops = 2;
        private Duration handshakeTimeout = Duration.ofSeconds(10);
        private Duration closeTimeout = Duration.ofSeconds(5);

        private Builder(final NbdAddress address)
        {
            this.address = address;
        }

        public Builder exports(final NbdExport... value)
        {
            exports = List.of(value);
            return this;
        }

        public Builder exports(final List<NbdExport> value)
        {
            exports = value;
            return this;
        }

        public Builder connections(final int value)
        {
            connections = value;
            return this;
        }

        public Builder requestsPerConnection(final int value)
        {
            requestsPerConnection = value;
            return this;
        }

        public Builder bytesPerConnection(final int value)
        {
            bytesPerConnection = value;
            return this;
        }

        public Builder workers(final int value)
        {
            workers = value;
            return this;
        }

        public Builder loops(final int value)
        {
            loops = value;
            return this;
        }

        public Builder handshakeTimeout(final Duration value)
        {
            handshakeTimeout = value;
            return this;
        }

        public Builder closeTimeout(final Duration value)
        {
            closeTimeout = value;
            return this;
        }

        public NbdServerConfig conclude()
        {
            return new NbdServerConfig(address, exports, connections, requestsPerConnection, bytesPerConnection,
                workers, loops, handshakeTimeout, closeTimeout);
        }
    }
}
