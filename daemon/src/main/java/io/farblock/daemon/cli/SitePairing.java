package io.farblock.daemon.cli;

import io.farblock.daemon.config.DaemonConfig;
import io.farblock.daemon.config.DurationText;
import io.farblock.daemon.control.ControlException;
import io.farblock.daemon.control.ExitCode;
import io.farblock.daemon.engine.SiteSecurity;
import io.farblock.daemon.pairing.PairingJoin;
import io.farblock.daemon.pairing.PairingOffer;
import io.farblock.replication.identity.IdentityException;
import io.farblock.replication.identity.KnownSites;
import io.farblock.replication.identity.pairing.PairingCode;
import io.farblock.replication.identity.pairing.PairingEnd;
import io.farblock.replication.identity.pairing.PairingException;
import io.farblock.replication.identity.pairing.PairingRole;
import io.farblock.replication.identity.pairing.PairingSession;
import io.farblock.replication.identity.pairing.PinBook;
import io.farblock.replication.identity.pairing.SiteCard;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.AccessDeniedException;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.Set;
import org.agrona.concurrent.SystemNanoClock;

/**
 * This site in a pairing: its identity, whom it knows, and what people are told. Launch code, where clock and
 * randomness are the real ones. One thread; what cannot be done is a {@link ControlException} with its exit code.
 */
final class SitePairing
{
    private static final int BACKLOG = 4;
    /** What is well until somebody changes what a site is called or known by. */
    private static final Set<PairingEnd> NOT_NOW =
        EnumSet.of(PairingEnd.PINNED_OTHERWISE, PairingEnd.SAME_NAME, PairingEnd.OTHER_SITE);

    private final DaemonConfig config;
    private final String meant;
    private final boolean replace;
    private final PrintWriter out;
    private final PrintWriter err;
    private final SecureRandom random = new SecureRandom();
    private final KnownSites known;

    /** @param meant the only site to pair with; null for whoever knows the code. */
    SitePairing(final DaemonConfig config, final String meant, final boolean replace, final PrintWriter out,
        final PrintWriter err)
    {
        this.config = config;
        this.meant = meant;
        this.replace = replace;
        this.out = out;
        this.err = err;
        this.known = new KnownSites(config.state().resolve("peers"));
    }

    int offer(final InetSocketAddress listen, final long limitNs) throws IOException, ControlException
    {
        final SiteCard self = self();
        final PairingCode code = PairingCode.make(random);
        try (ServerSocket server = bound(listen))
        {
            out.println("site         " + self.name());
            out.println("fingerprint  " + self.fingerprint());
            out.println("code         " + code.text());
            out.println("On the other site, within " + DurationText.of(limitNs) + ":");
            out.println("  farblock pair join " + (listen.getAddress().isAnyLocalAddress() ? "THIS-HOST" :
                listen.getHostString()) + ":" + server.getLocalPort() + " --config FILE");
            final PairingOffer.Outcome outcome = new PairingOffer(server,
                () -> session(PairingRole.OFFER, code, self), SystemNanoClock.INSTANCE,
                line -> err.println("farblock: " + line)).await(limitNs);
            return switch (outcome.fate())
            {
                case SPENT -> ended(outcome.session());
                case VOID -> throw new ControlException(ExitCode.FAILED, "the code is void after three wrong tries;"
                    + " nothing is pinned. Mistyped, or somebody guesses: run pair offer again for a new one");
                case LATE -> throw new ControlException(ExitCode.NOT_NOW, "nobody came within "
                    + DurationText.of(limitNs) + "; nothing is pinned, and the code is void");
            };
        }
    }

    int join(final InetSocketAddress remote, final PairingCode code) throws IOException, ControlException
    {
        final SiteCard self = self();
        final PairingSession session = session(PairingRole.JOIN, code, self);
        final PairingJoin join = new PairingJoin(SystemNanoClock.INSTANCE);
        try (Socket socket = connected(join, remote))
        {
            out.println("site         " + self.name());
            out.println("fingerprint  " + self.fingerprint());
            join.talk(socket, session);
        }
        catch (final PairingException | IOException broken)
        {
            if (!session.isConfirmed())
            {
                throw new ControlException(ExitCode.FAILED, "the pairing with " + remote.getHostString() + ":"
                    + remote.getPort() + " broke off: " + broken.getMessage() + "; nothing is pinned here");
            }
        }
        return ended(session);
    }

    /** What a pairing came to in which somebody was heard. */
    private int ended(final PairingSession session) throws ControlException
    {
        if (session.end() == PairingEnd.PAIRED)
        {
            final SiteCard peer = session.peer();
            out.println("paired with  " + peer.name());
            out.println("fingerprint  " + peer.fingerprint());
            out.println("pinned in    " + known.file(peer.name()));
            if (!isConfigured(peer.name()))
            {
                out.println("The configuration does not name " + peer.name() + " yet, neither as a [[peer]] nor as the "
                    + "peer of a [[replica]]: until then nothing comes from there or goes there.");
            }
            out.println(PinTakeover.ask(config.control()));
            return ExitCode.DONE.number();
        }
        final String state;
        if (session.hasPinned())
        {
            state = "; " + session.peer().name() + " is pinned here, but perhaps not this site there: pair once more, "
                + "which mends it";
        }
        else if (session.mayBePinnedThere())
        {
            state = "; nothing is pinned here, but perhaps this site is at " + session.peer().name()
                + ": pair once more, which mends it";
        }
        else
        {
            state = "; nothing is pinned";
        }
        throw new ControlException(exit(session.end()), reason(session) + state);
    }

    /** A peer that the configuration calls by another name than it calls itself would never be recognised. */
    private boolean isConfigured(final String site)
    {
        return config.peers().stream().anyMatch(peer -> peer.name().equals(site))
            || config.replicas().stream().anyMatch(replica -> replica.peer().equals(site));
    }

    private String reason(final PairingSession session)
    {
        final PairingEnd end = session.end();
        if (end == null)
        {
            return "the line broke before the end";
        }
        final String detail = session.detail().isEmpty() ? "" : " (" + session.detail() + ")";
        if (end == PairingEnd.PINNED_OTHERWISE)
        {
            return session.isRefusedByPeer()
                ? "the other site says that it knows " + config.site() + " by another certificate; if that is as it"
                + " should be, pair once more with --site " + config.site() + " --replace there"
                : session.peer().name() + " (" + session.peer().fingerprint() + ") is pinned with another"
                + " fingerprint in " + known.file(session.peer().name()) + "; if its certificate was changed on"
                + " purpose, pair once more with --site " + session.peer().name() + " --replace here";
        }
        if (end == PairingEnd.OTHER_SITE && !session.isRefusedByPeer())
        {
            return "found " + session.peer().name() + ", expected " + meant + ", which --site asks for";
        }
        return (session.isRefusedByPeer() ? "the other site says: " : "") + end.text() + detail;
    }

    private static ExitCode exit(final PairingEnd end)
    {
        return NOT_NOW.contains(end) ? ExitCode.NOT_NOW : ExitCode.FAILED;
    }

    private PairingSession session(final PairingRole role, final PairingCode code, final SiteCard self)
    {
        return new PairingSession(role, code, self, PinBook.in(known, meant, replace), random);
    }

    /** What this site says of itself: its name and the certificate that its daemon shows. */
    private SiteCard self() throws ControlException
    {
        try
        {
            return new SiteCard(config.site(), SiteSecurity.identity(config, random).fingerprint());
        }
        catch (final AccessDeniedException denied)
        {
            throw new ControlException(ExitCode.FAILED, "this user may not use " + denied.getMessage()
                + "; run this as root or as the user that the daemon runs as");
        }
        catch (final IdentityException unusable)
        {
            throw new ControlException(ExitCode.FAILED, unusable.getMessage());
        }
        catch (final IOException ex)
        {
            throw new ControlException(ExitCode.FAILED, "this site's identity cannot be used: " + ex);
        }
    }

    private static ServerSocket bound(final InetSocketAddress address) throws ControlException
    {
        try
        {
            return new ServerSocket(address.getPort(), BACKLOG, address.getAddress());
        }
        catch (final IOException ex)
        {
            throw new ControlException(ExitCode.NOT_NOW, "cannot wait at " + address.getHostString() + ":"
                + address.getPort() + ": " + ex.getMessage() + "; name another place with --listen");
        }
    }

    private static Socket connected(final PairingJoin join, final InetSocketAddress remote) throws ControlException
    {
        try
        {
            return join.connect(remote);
        }
        catch (final IOException nobody)
        {
            throw new ControlException(ExitCode.NOT_NOW, "nobody offers to pair at " + remote.getHostString() + ":"
                + remote.getPort() + ": " + nobody.getMessage() + "; run farblock pair offer there first");
        }
    }
}
