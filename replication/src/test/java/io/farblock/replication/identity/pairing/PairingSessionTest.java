package io.farblock.replication.identity.pairing;

import static io.farblock.replication.identity.pairing.TwoSessions.ALPHA;
import static io.farblock.replication.identity.pairing.TwoSessions.BETA;
import static io.farblock.replication.identity.pairing.TwoSessions.CODE;
import static io.farblock.replication.identity.pairing.TwoSessions.OTHER_CODE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farblock.replication.identity.Fingerprint;
import org.junit.jupiter.api.Test;

/** What two honest sites come to, whatever they know of each other and wherever the line breaks. */
final class PairingSessionTest
{
    @Test
    void shouldPinWhatTheOtherSideSaysOfItself()
    {
        final TwoSessions pairing = new TwoSessions(CODE, CODE).run();

        assertThat(pairing.offer.end()).isEqualTo(PairingEnd.PAIRED);
        assertThat(pairing.join.end()).isEqualTo(PairingEnd.PAIRED);
        assertThat(pairing.offerPins.pinned).containsExactly(BETA);
        assertThat(pairing.joinPins.pinned).containsExactly(ALPHA);
    }

    @Test
    void shouldFailOnBothSidesWhenTheCodesDiffer()
    {
        final TwoSessions pairing = new TwoSessions(CODE, OTHER_CODE).run();

        assertThat(pairing.offer.end()).isEqualTo(PairingEnd.WRONG_CODE);
        assertThat(pairing.offer.isRefusedByPeer()).isFalse();
        assertThat(pairing.offer.isConfirmed()).isFalse();
        assertThat(pairing.join.end()).isEqualTo(PairingEnd.WRONG_CODE);
        assertThat(pairing.join.isRefusedByPeer()).isTrue();
        assertNothingPinned(pairing);
    }

    @Test
    void shouldShowNoTagToWhoHasNotProvedTheCode() throws PairingException
    {
        final TwoSessions pairing = new TwoSessions(CODE, OTHER_CODE).run();

        final PairingMessage last = PairingCodec.decode(pairing.said.get(pairing.said.size() - 1));
        assertThat(last).isEqualTo(new PairingMessage.Refused(PairingEnd.WRONG_CODE));
        assertThat(pairing.said).hasSize(6);
    }

    @Test
    void shouldRefuseASiteOfTheSameName()
    {
        final SiteCard namesake = new SiteCard("alpha", Fingerprint.parse("cc".repeat(32)));

        final TwoSessions pairing = new TwoSessions(ALPHA, CODE, namesake, CODE).run();

        assertThat(pairing.offer.end()).isEqualTo(PairingEnd.SAME_NAME);
        assertThat(pairing.join.end()).isEqualTo(PairingEnd.SAME_NAME);
        assertThat(pairing.join.isRefusedByPeer()).isTrue();
        assertNothingPinned(pairing);
    }

    @Test
    void shouldPinNothingWhenOfferKnowsJoinOtherwise()
    {
        final TwoSessions pairing = new TwoSessions(CODE, CODE);
        pairing.offerPins.refusal = PairingEnd.PINNED_OTHERWISE;

        pairing.run();

        assertThat(pairing.offer.end()).isEqualTo(PairingEnd.PINNED_OTHERWISE);
        assertThat(pairing.offer.isConfirmed()).as("the code is spent").isTrue();
        assertThat(pairing.join.end()).isEqualTo(PairingEnd.PINNED_OTHERWISE);
        assertThat(pairing.offer.mayBePinnedThere()).isFalse();
        assertNothingPinned(pairing);
    }

    @Test
    void shouldPinNothingWhenJoinKnowsOfferOtherwise()
    {
        final TwoSessions pairing = new TwoSessions(CODE, CODE);
        pairing.joinPins.refusal = PairingEnd.PINNED_OTHERWISE;

        pairing.run();

        assertThat(pairing.join.end()).isEqualTo(PairingEnd.PINNED_OTHERWISE);
        assertThat(pairing.join.isRefusedByPeer()).isFalse();
        assertThat(pairing.offer.end()).isEqualTo(PairingEnd.PINNED_OTHERWISE);
        assertNothingPinned(pairing);
    }

    @Test
    void shouldSayOnBothSidesThatOfferCouldNotWrite()
    {
        final TwoSessions pairing = new TwoSessions(CODE, CODE);
        pairing.offerPins.full = true;

        pairing.run();

        assertThat(pairing.offer.end()).isEqualTo(PairingEnd.NOT_WRITTEN);
        assertThat(pairing.offer.detail()).endsWith("no space left");
        assertThat(pairing.join.end()).isEqualTo(PairingEnd.NOT_WRITTEN);
        assertThat(pairing.join.hasPinned()).as("it went first, and knows").isTrue();
    }

    @Test
    void shouldPinNothingWhenTheLineBreaksBeforeOffersTag()
    {
        for (int lost = 0; lost <= 5; lost++)
        {
            final int which = lost;

            final TwoSessions pairing = new TwoSessions(CODE, CODE).run(TwoSessions.changing(which, m -> null));

            assertNothingPinned(pairing);
            assertThat(pairing.offer.isConfirmed()).as("message " + lost).isEqualTo(lost == 5);
        }
    }

    @Test
    void shouldKnowWhoPinnedWhenTheLineBreaksAtTheEndAndMendItByPairingAgain()
    {
        final TwoSessions broken = new TwoSessions(CODE, CODE).run(TwoSessions.changing(6, m -> null));

        assertThat(broken.join.hasPinned()).isTrue();
        assertThat(broken.join.isOver()).as("it waits for the other's word").isFalse();
        assertThat(broken.offer.hasPinned()).isFalse();
        assertThat(broken.offer.isConfirmed()).isTrue();
        assertThat(broken.offer.mayBePinnedThere()).isTrue();

        final TwoSessions again = new TwoSessions(CODE, CODE).run(TwoSessions.changing(7, m -> null));

        assertThat(again.offer.end()).isEqualTo(PairingEnd.PAIRED);
        assertThat(again.offerPins.pinned).containsExactly(BETA);
        assertThat(again.join.end()).as("it never hears of it").isNull();
    }

    @Test
    void shouldTakeNothingMoreWhenItIsOver()
    {
        final TwoSessions pairing = new TwoSessions(CODE, CODE).run();

        assertThatThrownBy(() -> pairing.offer.receive(pairing.said.get(0))).isInstanceOf(IllegalStateException.class);
    }

    private static void assertNothingPinned(final TwoSessions pairing)
    {
        assertThat(pairing.offerPins.pinned).isEmpty();
        assertThat(pairing.joinPins.pinned).isEmpty();
        assertThat(pairing.offer.hasPinned() || pairing.join.hasPinned()).isFalse();
    }
}
