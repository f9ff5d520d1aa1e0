package io.farblock.replication.identity.pairing;

import io.farblock.replication.identity.IdentityException;
import io.farblock.replication.identity.pairing.PairingMessage.Confirm;
import io.farblock.replication.identity.pairing.PairingMessage.Hello;
import io.farblock.replication.identity.pairing.PairingMessage.Pinned;
import io.farblock.replication.identity.pairing.PairingMessage.Refused;
import io.farblock.replication.identity.pairing.PairingMessage.Round2;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;

/**
 * One side of one pairing. Key agreement by J-PAKE with explicit key confirmation: RFC 8236, sections 2 and 5, whose
 * messages these are; names and fingerprints travel with them and are part of what is confirmed.
 *
 * <pre>
 *   JOIN (typed the code)                               OFFER (showed the code)
 *     HELLO    name, fingerprint, g^x1 g^x2  ────────>
 *              <────────   HELLO    name, fingerprint, g^x3 g^x4     names differ?
 *     ROUND_2  g^((x1+x3+x4) x2 s)           ────────>               s is the code
 *              <────────   ROUND_2  g^((x1+x2+x3) x4 s)              both: the key
 *     CONFIRM  tag                           ────────>               checks the tag, may JOIN be pinned?
 *              <────────   CONFIRM  tag                              now the code is spent
 *   checks the tag, may OFFER be pinned? pins
 *     PINNED   tag                           ────────>               checks the tag, pins
 *              <────────   PINNED   tag
 *
 *   awaits:  HELLO -> ROUND_2 -> CONFIRM -> PINNED -> NOTHING; from anywhere to NOTHING when it fails
 * </pre>
 *
 * JOIN confirms first, and OFFER shows no tag before it has seen a right one: so who guesses a code on OFFER's door
 * learns whether it was right only by a CONFIRM, which OFFER counts. Neither pins before the other proved the code.
 * When the line breaks after that, JOIN may have pinned and OFFER not; no last message could change that, so both are
 * told to pair again, which mends it. A recording is of no use: both sides' numbers are new in each run.
 *
 * <p>One thread, its caller's; nothing waits. What a peer does wrong is an {@link PairingEnd}, never an exception.
 */
public final class PairingSession
{
    private static final byte[] NOTHING = {};
    private static final String CODE = "code and cards confirmed";
    private static final String PIN = "pinned";

    /** The message that comes next. */
    private enum Awaited
    {
        HELLO, ROUND_2, CONFIRM, PINNED, NOTHING;

        private Awaited next()
        {
            return values()[ordinal() + 1];
        }
    }

    private final PairingRole role;
    private final SiteCard self;
    private final PinBook pins;
    private final KeyAgreement agreement;
    private final MessageDigest transcript;
    private Awaited awaited = Awaited.HELLO;
    private SiteCard peer;
    private ConfirmationKey key;
    private boolean confirmed;
    private boolean proved;
    private boolean pinned;
    private PairingEnd end;
    private boolean refusedByPeer;
    private String detail = "";

    /** @param code the one that was shown or typed; what is not the peer's is found out by the confirmation. */
    public PairingSession(final PairingRole role, final PairingCode code, final SiteCard self, final PinBook pins,
        final SecureRandom random)
    {
        this.role = role;
        this.self = self;
        this.pins = pins;
        this.agreement = new KeyAgreement(role, code, random);
        this.transcript = sha256();
    }

    /** What to send before anything is received: empty for OFFER, which answers. Called once, first. */
    public byte[] begin()
    {
        return role == PairingRole.JOIN ? said(new Hello(self, agreement.round1())) : NOTHING;
    }

    /**
     * Takes one message.
     *
     * @return what to send, which may be empty, also when the session is over then.
     */
    public byte[] receive(final byte[] bytes)
    {
        if (isOver())
        {
            throw new IllegalStateException("a message for a pairing that is over");
        }
        try
        {
            final PairingMessage message = PairingCodec.decode(bytes);
            if (message instanceof Refused refused)
            {
                refusedByPeer = true;
                over(refused.end());
                return NOTHING;
            }
            return answer(bytes, message);
        }
        catch (final PairingException ex)
        {
            over(ex.end());
            detail = ex.getMessage();
            // Who has not even said HELLO is no site, and gets no answer to learn from.
            return peer == null ? NOTHING : PairingCodec.encode(new Refused(ex.end()));
        }
    }

    public boolean isOver()
    {
        return awaited == Awaited.NOTHING;
    }

    /** How it ended; null while it goes on, and when it was left alone. */
    public PairingEnd end()
    {
        return end;
    }

    /** Whether the end is what the other side says; that may be anybody's word. */
    public boolean isRefusedByPeer()
    {
        return refusedByPeer;
    }

    /** What exactly was found; empty when the end says it all. */
    public String detail()
    {
        return detail;
    }

    /** What the other side says of itself; null before that. True only when {@link #isConfirmed}. */
    public SiteCard peer()
    {
        return peer;
    }

    /** Whether the other side has proved that it knows the code: then the code is spent, whatever happens next. */
    public boolean isConfirmed()
    {
        return confirmed;
    }

    /** Whether this side has pinned the other. */
    public boolean hasPinned()
    {
        return pinned;
    }

    /** Whether the other side may have pinned this one, and this side cannot know. */
    public boolean mayBePinnedThere()
    {
        return proved && end != PairingEnd.PAIRED && !refusedByPeer;
    }

    private byte[] answer(final byte[] bytes, final PairingMessage message) throws PairingException
    {
        final Awaited now = awaited;
        final byte[] reply;
        if (now == Awaited.HELLO && message instanceof Hello hello)
        {
            reply = hello(bytes, hello);
        }
        else if (now == Awaited.ROUND_2 && message instanceof Round2 round)
        {
            reply = round2(bytes, round);
        }
        else if (now == Awaited.CONFIRM && message instanceof Confirm confirm)
        {
            reply = confirm(confirm);
        }
        else if (now == Awaited.PINNED && message instanceof Pinned told)
        {
            reply = pinned(told);
        }
        else
        {
            throw new PairingException(PairingEnd.GARBAGE,
                "found " + message.getClass().getSimpleName() + ", expected " + now);
        }
        awaited = now.next();
        return reply;
    }

    private byte[] hello(final byte[] bytes, final Hello hello) throws PairingException
    {
        peer = hello.card();
        transcript.update(bytes);
        if (peer.name().equals(self.name()))
        {
            throw new PairingException(PairingEnd.SAME_NAME, "found " + self.name() + " on both sides");
        }
        // An own round must be made before the other's is looked at: the agreement checks it against ours.
        final byte[] reply = role == PairingRole.OFFER ? said(new Hello(self, agreement.round1())) : null;
        agreement.takeRound1(hello.round1());
        return reply == null ? said(new Round2(agreement.round2())) : reply;
    }

    private byte[] round2(final byte[] bytes, final Round2 round) throws PairingException
    {
        transcript.update(bytes);
        final byte[] reply = role == PairingRole.OFFER ? said(new Round2(agreement.round2())) : null;
        agreement.takeRound2(round.round2());
        final boolean offers = role == PairingRole.OFFER;
        key = new ConfirmationKey(agreement.material(), offers ? self : peer, offers ? peer : self,
            transcript.digest());
        return reply == null ? PairingCodec.encode(new Confirm(key.tag(role, CODE))) : reply;
    }

    private byte[] confirm(final Confirm confirm) throws PairingException
    {
        if (!key.isTag(confirm.tag(), role.other(), CODE))
        {
            throw new PairingException(PairingEnd.WRONG_CODE, "");
        }
        confirmed = true;
        admit();
        proved = true;
        if (role == PairingRole.OFFER)
        {
            return PairingCodec.encode(new Confirm(key.tag(role, CODE)));
        }
        pin();
        return PairingCodec.encode(new Pinned(key.tag(role, PIN)));
    }

    private byte[] pinned(final Pinned told) throws PairingException
    {
        if (!key.isTag(told.tag(), role.other(), PIN))
        {
            throw new PairingException(PairingEnd.GARBAGE, "found a last message that the other side did not send");
        }
        if (role == PairingRole.OFFER)
        {
            pin();
        }
        end = PairingEnd.PAIRED;
        return role == PairingRole.OFFER ? PairingCodec.encode(new Pinned(key.tag(role, PIN))) : NOTHING;
    }

    private void admit() throws PairingException
    {
        try
        {
            final PairingEnd refusal = pins.refusal(peer);
            if (refusal != null)
            {
                throw new PairingException(refusal, "");
            }
        }
        catch (final IOException ex)
        {
            throw notWritten(ex);
        }
    }

    private void pin() throws PairingException
    {
        try
        {
            pins.pin(peer);
            pinned = true;
        }
        catch (final IOException ex)
        {
            throw notWritten(ex);
        }
    }

    private static PairingException notWritten(final IOException ex)
    {
        // What the file system throws says in its name what is wrong, and in its message only where.
        return new PairingException(PairingEnd.NOT_WRITTEN,
            ex instanceof IdentityException ? ex.getMessage() : ex.toString());
    }

    private void over(final PairingEnd how)
    {
        end = how;
        awaited = Awaited.NOTHING;
    }

    private byte[] said(final PairingMessage message)
    {
        final byte[] bytes = PairingCodec.encode(message);
        transcript.update(bytes);
        return bytes;
    }

    private static MessageDigest sha256()
    {
        try
        {
            return MessageDigest.getInstance("SHA-256");
        }
        catch (final NoSuchAlgorithmException ex)
        {
            throw new IllegalStateException("a JVM without SHA-256", ex);
        }
    }
}
