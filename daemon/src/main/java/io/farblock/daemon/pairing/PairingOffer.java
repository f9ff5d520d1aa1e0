package io.farblock.daemon.pairing;

import io.farblock.replication.identity.pairing.PairingEnd;
import io.farblock.replication.identity.pairing.PairingException;
import io.farblock.replication.identity.pairing.PairingSession;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.agrona.concurrent.NanoClock;

/**
 * Waits for the site to which a person carried the code. One connection at a time, each with its limit, so that whoever
 * is silent or talks nonsense costs the one who waits behind it seconds. Three wrong codes make the code void: who
 * guesses has three tries at one in 2^40. One thread, its caller's; the caller closes the server socket.
 */
public final class PairingOffer
{
    private static final int MOST_WRONG = 3;
    private static final long CONNECTION_NS = TimeUnit.SECONDS.toNanos(15);

    private final ServerSocket server;
    private final Supplier<PairingSession> sessions;
    private final NanoClock clock;
    private final Consumer<String> notice;
    private final long connectionNs;
    private int wrong;

    /** What became of the code. */
    public enum Fate
    {
        /** Somebody proved to know it; the session says what that led to. */
        SPENT,
        /** Tried wrongly too often. */
        VOID,
        /** Nobody came in time. */
        LATE
    }

    /** @param session the one in which the code was spent; null otherwise. */
    public record Outcome(Fate fate, PairingSession session)
    {
    }

    /**
     * @param sessions makes one for each connection, all with the same code.
     * @param notice   takes a line for people about each site that came and was refused.
     */
    public PairingOffer(final ServerSocket server, final Supplier<PairingSession> sessions, final NanoClock clock,
        final Consumer<String> notice)
    {
        this(server, sessions, clock, notice, CONNECTION_NS);
    }

    PairingOffer(final ServerSocket server, final Supplier<PairingSession> sessions, final NanoClock clock,
        final Consumer<String> notice, final long connectionNs)
    {
        this.server = server;
        this.sessions = sessions;
        this.clock = clock;
        this.notice = notice;
        this.connectionNs = connectionNs;
    }

    /** Returns when the code is spent, void or too old. */
    public Outcome await(final long limitNs) throws IOException
    {
        final long endNs = clock.nanoTime() + limitNs;
        while (wrong < MOST_WRONG)
        {
            final PairingSession session = sessions.get();
            try (Socket socket = accept(endNs))
            {
                if (socket == null)
                {
                    return new Outcome(Fate.LATE, null);
                }
                talk(socket, session, endNs);
            }
            if (session.isConfirmed())
            {
                return new Outcome(Fate.SPENT, session);
            }
        }
        return new Outcome(Fate.VOID, null);
    }

    private Socket accept(final long endNs) throws IOException
    {
        try
        {
            server.setSoTimeout(PairingLine.millisLeft(clock, endNs));
            return server.accept();
        }
        catch (final SocketTimeoutException late)
        {
            return null;
        }
    }

    private void talk(final Socket socket, final PairingSession session, final long endNs)
    {
        try
        {
            new PairingLine(socket, clock, Math.min(connectionNs, endNs - clock.nanoTime())).carry(session);
        }
        catch (final IOException | PairingException ended)
        {
            if (session.peer() != null && !session.isConfirmed())
            {
                notice.accept(who(socket, session) + " went away: " + ended.getMessage());
            }
        }
        if (session.end() == PairingEnd.WRONG_CODE && !session.isRefusedByPeer())
        {
            wrong++;
            notice.accept(who(socket, session) + " was refused: " + PairingEnd.WRONG_CODE.text() + " (" + wrong +
                " of " + MOST_WRONG + ")");
        }
        else if (session.end() != null && session.peer() != null && !session.isConfirmed())
        {
            notice.accept(who(socket, session) + (session.isRefusedByPeer() ? " gave up: " : " was refused: ") +
                session.end().text());
        }
    }

    private static String who(final Socket socket, final PairingSession session)
    {
        return "somebody at " + socket.getInetAddress().getHostAddress() + " who calls itself " +
            session.peer().name();
    }
}
