package io.farblock.replication.paths;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Who goes when too many stand at the door. */
final class DoorTest
{
    private long nowNs = Long.MAX_VALUE - 1000;
    private final Door door = new Door(() -> nowNs);
    private final List<String> sentAway = new ArrayList<>();

    @Test
    void shouldLetTheOldestSilentOneOfTheSameAddressGoForANewcomer()
    {
        final Door.Visitor speaking = arrives(1, "speaking");
        door.speaks(speaking);
        for (int i = 1; i < Door.STRANGERS_OF_ONE; i++)
        {
            arrives(1, "silent " + i);
        }
        arrives(2, "elsewhere");

        arrives(1, "newcomer");

        assertThat(sentAway).containsExactly("silent 1: CROWD");
        assertThat(door.strangers()).isEqualTo(Door.STRANGERS_OF_ONE + 1);
    }

    @Test
    void shouldLetOneThatSpeaksGoWhenNoneIsSilent()
    {
        for (int i = 0; i < Door.STRANGERS_OF_ONE; i++)
        {
            door.speaks(arrives(1, "speaking " + i));
        }

        arrives(1, "newcomer");

        assertThat(sentAway).containsExactly("speaking 0: CROWD");
    }

    @Test
    void shouldLetTheOldestOfAllGoWhenThereAreTooManyAddresses()
    {
        for (int i = 0; i < 2 * Door.STRANGERS; i++)
        {
            arrives(i, "silent " + i);
        }

        assertThat(sentAway).hasSize(Door.STRANGERS).startsWith("silent 0: CROWD", "silent 1: CROWD");
        assertThat(door.strangers()).isEqualTo(Door.STRANGERS);
    }

    @Test
    void shouldNotCountWhoIsKnownAmongStrangers()
    {
        for (int i = 0; i < Network.CONNECTION_LIMIT; i++)
        {
            assertThat(door.authenticated(arrives(1, "known " + i), "site " + i)).isTrue();
        }

        assertThat(door.authenticated(arrives(1, "one more"), "site")).isFalse();

        assertThat(sentAway).containsExactly("one more: CROWD");
    }

    @Test
    void shouldNotCountWhoLeftWhileBeingLetIn()
    {
        for (int i = 0; i < 2 * Network.CONNECTION_LIMIT; i++)
        {
            final Door.Visitor hasty = arrives(1, "hasty " + i);
            door.leaves(hasty);

            assertThat(door.authenticated(hasty, "site")).isFalse();
        }

        assertThat(door.authenticated(arrives(1, "patient"), "site")).isTrue();
    }

    @Test
    void shouldRememberWhereSomebodyKnownCameFromWhateverCrowdComes()
    {
        final Door.Visitor known = arrives(1, "known");
        door.speaks(known);
        door.authenticated(known, "site");
        int begun = 0;
        for (int i = 0; i < 2 * Door.ADDRESSES_REMEMBERED; i++)
        {
            begun += door.speaks(arrives(2 + i, "stranger " + i)) ? 1 : 0;
        }
        assertThat(begun).isLessThan(2 * Door.ADDRESSES_REMEMBERED);

        assertThat(door.speaks(arrives(1, "known again"))).isTrue();
    }

    @Test
    void shouldSpareWhoComesAloneWhenACrowdOfFewAddressesHasSpoken()
    {
        for (int i = 0; i < Door.STRANGERS; i++)
        {
            door.speaks(arrives(2 + i / Door.STRANGERS_OF_ONE, "crowd " + i));
        }
        final Door.Visitor alone = arrives(1, "alone");

        for (int i = 0; i < Door.STRANGERS_OF_ONE; i++)
        {
            arrives(2 + Door.STRANGERS / Door.STRANGERS_OF_ONE, "more of it " + i);
        }

        assertThat(sentAway).hasSize(Door.STRANGERS_OF_ONE + 1).doesNotContain("alone: CROWD");
        assertThat(door.speaks(alone)).isTrue();
    }

    @Test
    void shouldSpareWhoComesFromWhereSomebodyKnownCameFrom()
    {
        door.authenticated(arrives(1, "known"), "site");
        final Door.Visitor again = arrives(1, "known again");

        for (int i = 0; i < 2 * Door.STRANGERS; i++)
        {
            door.speaks(arrives(2 + i, "crowd " + i));
        }

        assertThat(sentAway).doesNotContain("known again: CROWD");
        assertThat(door.speaks(again)).isTrue();
    }

    @Test
    void shouldLeavePlacesForOthersWhateverOneSiteTakes()
    {
        final List<Door.Visitor> greedy = new ArrayList<>();
        for (int i = 0; i <= Door.GUESTS_OF_ONE; i++)
        {
            greedy.add(arrives(1, "greedy " + i));
            assertThat(door.authenticated(greedy.get(i), "greedy")).isEqualTo(i < Door.GUESTS_OF_ONE);
        }
        assertThat(sentAway).containsExactly("greedy " + Door.GUESTS_OF_ONE + ": CROWD");
        assertThat(door.authenticated(arrives(1, "other"), "other")).isTrue();

        door.leaves(greedy.get(0));

        assertThat(door.authenticated(arrives(1, "greedy again"), "greedy")).isTrue();
    }

    @Test
    void shouldGiveAPlaceAgainThatWasLeft()
    {
        final List<Door.Visitor> known = new ArrayList<>();
        for (int i = 0; i < Network.CONNECTION_LIMIT; i++)
        {
            known.add(arrives(1, "known " + i));
            door.authenticated(known.get(i), "site " + i);
        }

        door.leaves(known.get(0));
        door.leaves(known.get(0));

        assertThat(door.authenticated(arrives(1, "next"), "site")).isTrue();
        assertThat(door.authenticated(arrives(1, "one more"), "site")).isFalse();
    }

    @Test
    void shouldSendAwayWhoTakesTooLong()
    {
        arrives(1, "silent");
        door.authenticated(arrives(1, "known"), "site");
        final Door.Visitor introduced = arrives(1, "introduced");
        door.authenticated(introduced, "site");
        door.introduced(introduced);
        nowNs += Door.PATIENCE_NS - 1;
        door.expire();
        assertThat(sentAway).isEmpty();

        nowNs++;
        door.expire();
        door.expire();

        assertThat(sentAway).containsExactly("silent: SLOW", "known: SLOW");
    }

    @Test
    void shouldBoundHandshakesOfAnAddressAndLetOthersGoOn()
    {
        for (int i = 0; i < Door.HANDSHAKES_OF_ONE; i++)
        {
            assertThat(door.speaks(arrives(1, "flood"))).isTrue();
        }
        sentAway.clear();

        assertThat(door.speaks(arrives(1, "too many"))).isFalse();
        assertThat(door.speaks(arrives(2, "other"))).isTrue();
        nowNs += TimeUnit.SECONDS.toNanos(1);

        int more = 0;
        while (door.speaks(arrives(1, "later")))
        {
            more++;
        }
        assertThat(more).isEqualTo(Door.HANDSHAKES_OF_ONE_PER_SECOND);
        assertThat(sentAway).contains("too many: CROWD");
    }

    @Test
    void shouldBoundHandshakesOfAllButOfThoseWhoProvedThemselves()
    {
        final Door.Visitor peer = arrives(999_999, "peer");
        door.speaks(peer);
        door.authenticated(peer, "site");
        int begun = 0;
        while (door.speaks(arrives(begun, "flood")))
        {
            begun++;
        }

        assertThat(begun).isEqualTo(Door.HANDSHAKES_OF_ALL - 1);
        assertThat(door.speaks(arrives(999_999, "peer again"))).isTrue();
    }

    @Test
    void shouldTakeANetworkOfIpv6ForOneAddress() throws UnknownHostException
    {
        for (int i = 0; i <= Door.STRANGERS_OF_ONE; i++)
        {
            final String who = "silent " + i;
            door.arrives(InetAddress.getByName("2001:db8::" + Integer.toHexString(i)), exit(who));
        }

        assertThat(sentAway).containsExactly("silent 0: CROWD");
    }

    private Door.Visitor arrives(final int address, final String who)
    {
        try
        {
            return door.arrives(InetAddress.getByAddress(
                new byte[]{10, (byte)(address >> 16), (byte)(address >> 8), (byte)address}), exit(who));
        }
        catch (final UnknownHostException ex)
        {
            throw new IllegalArgumentException(ex);
        }
    }

    private Door.Exit exit(final String who)
    {
        return (kind, reason) -> sentAway.add(who + ": " + kind);
    }
}
