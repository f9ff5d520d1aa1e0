package io.farblock.replication.identity.pairing;

import io.farblock.replication.identity.Fingerprint;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Both sides of a pairing in one thread, and whoever is between them. */
final class TwoSessions
{
    static final SiteCard ALPHA = new SiteCard("alpha", Fingerprint.parse("aa".repeat(32)));
    static final SiteCard BETA = new SiteCard("beta", Fingerprint.parse("bb".repeat(32)));
    static final PairingCode CODE = PairingCode.parse("K7QX-M2PD");
    static final PairingCode OTHER_CODE = PairingCode.parse("K7QX-M2PE");

    final FakePins offerPins = new FakePins();
    final FakePins joinPins = new FakePins();
    final PairingSession offer;
    final PairingSession join;
    /** All that was said, JOIN first, then in turn. */
    final List<byte[]> said = new ArrayList<>();

    /** What somebody between the sites does to a message; null when it does not arrive. */
    interface Line
    {
        byte[] carry(int number, byte[] message);
    }

    TwoSessions(final PairingCode offered, final PairingCode typed)
    {
        this(ALPHA, offered, BETA, typed);
    }

    TwoSessions(final SiteCard offering, final PairingCode offered, final SiteCard joining, final PairingCode typed)
    {
        offer = new PairingSession(PairingRole.OFFER, offered, offering, offerPins, new SecureRandom());
        join = new PairingSession(PairingRole.JOIN, typed, joining, joinPins, new SecureRandom());
    }

    TwoSessions run()
    {
        return run((number, message) -> message);
    }

    /** Until both are over, or a message got lost. */
    TwoSessions run(final Line line)
    {
        byte[] message = join.begin();
        PairingSession receiver = offer;
        for (int number = 0; message.length > 0; number++)
        {
            said.add(message);
            final byte[] arrived = line.carry(number, message);
            if (arrived == null || receiver.isOver())
            {
                return this;
            }
            message = receiver.receive(arrived);
            receiver = receiver == offer ? join : offer;
        }
        return this;
    }

    /** Changes one message, and carries the others as they are. */
    static Line changing(final int which, final UnaryOperator<byte[]> change)
    {
        return (number, message) -> number == which ? change.apply(message) : message;
    }

    /** What a side pinned; refuses when told to. */
    static final class FakePins implements PinBook
    {
        final List<SiteCard> pinned = new ArrayList<>();
        PairingEnd refusal;
        boolean full;

        @Override
        public PairingEnd refusal(final SiteCard peer)
        {
            return refusal;
        }

        @Override
        public void pin(final SiteCard peer) throws IOException
        {
            if (full)
            {
                throw new IOException("no space left");
            }
            pinned.add(peer);
        }
    }
}
