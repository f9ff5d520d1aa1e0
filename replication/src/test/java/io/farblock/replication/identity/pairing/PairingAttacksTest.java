package io.farblock.replication.identity.pairing;

import static io.farblock.replication.identity.pairing.TwoSessions.ALPHA;
import static io.farblock.replication.identity.pairing.TwoSessions.BETA;
import static io.farblock.replication.identity.pairing.TwoSessions.CODE;
import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.replication.identity.Fingerprint;
import io.farblock.replication.identity.pairing.PairingMessage.Hello;
import io.farblock.replication.identity.pairing.TwoSessions.FakePins;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody between the sites, or in the place of one, who does not know the code. Nothing is ever pinned. */
final class PairingAttacksTest
{
    private static final Fingerprint MINE = Fingerprint.parse("ee".repeat(32));

    private final FakePins pins = new FakePins();

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void shouldNoticeAFingerprintThatWasSwapped(final int which)
    {
        final TwoSessions pairing = new TwoSessions(CODE, CODE).run(TwoSessions.changing(which,
            message -> withCard(message, new SiteCard(which == 0 ? "beta" : "alpha", MINE))));

        assertFailed(pairing);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void shouldNoticeANameThatWasSwapped(final int which)
    {
        final TwoSessions pairing = new TwoSessions(CODE, CODE).run(TwoSessions.changing(which,
            message -> withCard(message, new SiteCard("mallory", (which == 0 ? BETA : ALPHA).fingerprint()))));

        assertFailed(pairing);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void shouldNoticeAnyMessageThatWasDamaged(final int which)
    {
        final TwoSessions probe = new TwoSessions(CODE, CODE).run();
        final int length = probe.said.get(which).length;
        for (int at = PairingCodec.HEADER_BYTES; at < length; at += Math.max(1, length / 7))
        {
            final int place = at;

            final TwoSessions pairing = new TwoSessions(CODE, CODE).run(TwoSessions.changing(which, message ->
            {
                final byte[] damaged = message.clone();
                damaged[place] ^= 1;
                return damaged;
            }));

            assertThat(pairing.offerPins.pinned).as("byte " + at).isEmpty();
            assertThat(pairing.joinPins.pinned).as("byte " + at).isEmpty();
        }
    }

    @Test
    void shouldNotBelieveARecordingOfThePairingThatJoinMade()
    {
        final List<byte[]> recorded = new TwoSessions(CODE, CODE).run().said;
        final PairingSession offer = session(PairingRole.OFFER, ALPHA);

        for (int i = 0; i < recorded.size() && !offer.isOver(); i += 2)
        {
            offer.receive(recorded.get(i));
        }

        // The recorded second round was proved for other numbers than this run's.
        assertThat(offer.end()).isEqualTo(PairingEnd.GARBAGE);
        assertThat(pins.pinned).isEmpty();
    }

    @Test
    void shouldNotBelieveARecordingOfThePairingThatOfferMade()
    {
        final List<byte[]> recorded = new TwoSessions(CODE, CODE).run().said;
        final PairingSession join = session(PairingRole.JOIN, BETA);
        join.begin();

        for (int i = 1; i < recorded.size() && !join.isOver(); i += 2)
        {
            join.receive(recorded.get(i));
        }

        assertThat(join.end()).isEqualTo(PairingEnd.GARBAGE);
        assertThat(pins.pinned).isEmpty();
    }

    @Test
    void shouldNotBelieveAnEchoOfItsOwnWords()
    {
        final PairingSession join = session(PairingRole.JOIN, BETA);
        final byte[] hello = withCard(join.begin(), new SiteCard("mallory", MINE));

        join.receive(hello);

        // Each role proves under its own name, so JOIN's proofs are not OFFER's.
        assertThat(join.end()).isEqualTo(PairingEnd.GARBAGE);
    }

    @Test
    void shouldNotBelieveATagOfAnotherPairingWithTheSameCode()
    {
        final TwoSessions one = new TwoSessions(CODE, CODE);
        final TwoSessions two = new TwoSessions(CODE, CODE);
        one.run(TwoSessions.changing(4, message -> null));
        final byte[] tagOfOne = one.said.get(4);

        two.run(TwoSessions.changing(4, message -> tagOfOne));

        assertThat(two.offer.end()).isEqualTo(PairingEnd.WRONG_CODE);
        assertFailed(two);
    }

    @Test
    void shouldNotPairThroughSomebodyWhoHoldsOneSessionWithEachSide()
    {
        final PairingCode guess = TwoSessions.OTHER_CODE;
        final SiteCard likeBeta = new SiteCard("beta", MINE);
        final SiteCard likeAlpha = new SiteCard("alpha", MINE);

        final TwoSessions withAlpha = new TwoSessions(ALPHA, CODE, likeBeta, guess);
        final TwoSessions withBeta = new TwoSessions(likeAlpha, guess, BETA, CODE);
        withBeta.run(TwoSessions.changing(4, message -> null));
        // Even with the tag that the true BETA made, in place of its own.
        withAlpha.run(TwoSessions.changing(4, message -> withBeta.said.get(4)));

        assertThat(withAlpha.offer.end()).isEqualTo(PairingEnd.WRONG_CODE);
        assertThat(withAlpha.offerPins.pinned).isEmpty();
        assertThat(withBeta.joinPins.pinned).isEmpty();
    }

    @Test
    void shouldNotBelieveAnOfferThatDoesNotKnowTheCode() throws PairingException
    {
        final TwoSessions pairing = new TwoSessions(new SiteCard("alpha", MINE), TwoSessions.OTHER_CODE, BETA, CODE);

        // Such an impostor says CONFIRM, right tag or not.
        pairing.run(TwoSessions.changing(5,
            message -> PairingCodec.encode(new PairingMessage.Confirm(new byte[PairingCodec.TAG_BYTES]))));

        assertThat(pairing.join.end()).isEqualTo(PairingEnd.WRONG_CODE);
        assertThat(pairing.join.isRefusedByPeer()).isFalse();
        assertThat(pairing.joinPins.pinned).isEmpty();
    }

    @Test
    void shouldNotPinOfferWhenPinnedIsNotJoins()
    {
        final TwoSessions pairing = new TwoSessions(CODE, CODE).run(TwoSessions.changing(6,
            message -> PairingCodec.encode(new PairingMessage.Pinned(new byte[PairingCodec.TAG_BYTES]))));

        assertThat(pairing.offer.end()).isEqualTo(PairingEnd.GARBAGE);
        assertThat(pairing.offerPins.pinned).isEmpty();
    }

    private PairingSession session(final PairingRole role, final SiteCard self)
    {
        return new PairingSession(role, CODE, self, pins, new SecureRandom());
    }

    private static byte[] withCard(final byte[] hello, final SiteCard card)
    {
        try
        {
            return PairingCodec.encode(new Hello(card, ((Hello)PairingCodec.decode(hello)).round1()));
        }
        catch (final PairingException ex)
        {
            throw new AssertionError(ex);
        }
    }

    private static void assertFailed(final TwoSessions pairing)
    {
        assertThat(pairing.offer.end()).isEqualTo(PairingEnd.WRONG_CODE);
        assertThat(pairing.join.end()).isEqualTo(PairingEnd.WRONG_CODE);
        assertThat(pairing.offerPins.pinned).isEmpty();
        assertThat(pairing.joinPins.pinned).isEmpty();
    }
}
