package io.farblock.daemon.pairing;

import io.farblock.replication.identity.pairing.PairingException;
import io.farblock.replication.identity.pairing.PairingSession;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.NanoClock;

/** Goes to the site that showed the code. One thread, its caller's; one try. */
public final class PairingJoin
{
    private static final long CONNECT_NS = TimeUnit.SECONDS.toNanos(10);
    /** Longer than the other side's limit for a connection: somebody may be before us. */
    private static final long TALK_NS = TimeUnit.SECONDS.toNanos(60);

    private final NanoClock clock;
    private final long talkNs;

    public PairingJoin(final NanoClock clock)
    {
        this(clock, TALK_NS);
    }

    PairingJoin(final NanoClock clock, final long talkNs)
    {
        this.clock = clock;
        this.talkNs = talkNs;
    }

    /** @throws IOException when nobody answers there. */
    public Socket connect(final InetSocketAddress address) throws IOException
    {
        final Socket socket = new Socket();
        try
        {
            // Resolved here and not when the command line was read: a name server may be slow, or wrong.
            socket.connect(new InetSocketAddress(address.getHostString(), address.getPort()),
                (int)TimeUnit.NANOSECONDS.toMillis(CONNECT_NS));
            return socket;
        }
        catch (final IOException nobody)
        {
            socket.close();
            throw nobody;
        }
    }

    /**
     * Until the session is over.
     *
     * @throws IOException      when the other side falls silent or hangs up; the session knows how far it came.
     * @throws PairingException when what answers is no farblock that offers to pair.
     */
    public void talk(final Socket socket, final PairingSession session) throws IOException, PairingException
    {
        new PairingLine(socket, clock, talkNs).carry(session);
    }
}
