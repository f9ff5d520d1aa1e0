package io.farblock.raidsim.array;

import io.farblock.raidsim.layout.StripeLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Who sits where: for each slot the member that holds its data or is being filled, the one that is being filled to
 * replace it, and the spares and the failed. Reads are free; every change happens under this object's monitor, so that
 * changes and what is written of them to the members' superblocks have one order. An array of so many slots that all
 * masks fit a long.
 */
final class Slots
{
    private final StripeLayout layout;
    private volatile List<Seat> seats;
    private volatile List<Member> spares = List.of();
    private volatile List<Member> faulty = List.of();

    Slots(final StripeLayout layout)
    {
        this.layout = layout;
        seats = Collections.nCopies(layout.slots(), new Seat(null, null));
    }

    /**
     * Who takes the writes of a slot, at one instant: when a replacement takes its member's place, a write goes to
     * both or to the new one, never to the old one alone. Immutable.
     *
     * @param member      whatever its state, or null.
     * @param replacement what is being filled to take its place, or null.
     */
    record Seat(Member member, Member replacement)
    {
    }

    int count()
    {
        return layout.slots();
    }

    Seat seat(final int slot)
    {
        return seats.get(slot);
    }

    /** The member in a slot, whatever its state, or null. */
    Member member(final int slot)
    {
        return seat(slot).member;
    }

    /** What is being filled to take the place of the member in a slot, or null. */
    Member replacement(final int slot)
    {
        return seat(slot).replacement;
    }

    List<Member> spares()
    {
        return spares;
    }

    List<Member> faulty()
    {
        return faulty;
    }

    /** The slot in which a member sits, replacing or not; -1 for none. */
    int slotOf(final Member member)
    {
        final List<Seat> now = seats;
        for (int slot = 0; slot < now.size(); slot++)
        {
            if (now.get(slot).member == member || now.get(slot).replacement == member)
            {
                return slot;
            }
        }
        return -1;
    }

    /** Whether a member has a slot of its own. */
    boolean isSeated(final Member member)
    {
        return seats.stream().anyMatch((seat) -> seat.member == member);
    }

    /** All that the array still writes its superblock to: members, replacements and spares. */
    synchronized List<Member> known()
    {
        final List<Member> known = new ArrayList<>();
        for (final Seat seat : seats)
        {
            if (seat.member != null)
            {
                known.add(seat.member);
            }
            if (seat.replacement != null)
            {
                known.add(seat.replacement);
            }
        }
        known.addAll(spares);
        return known;
    }

    /** A bit for each slot whose member holds all of its data. */
    long inSync()
    {
        long mask = 0;
        for (int slot = 0; slot < count(); slot++)
        {
            final Member member = member(slot);
            mask |= member != null && member.isInSync() ? 1L << slot : 0;
        }
        return mask;
    }

    /** Slots without a member that holds all of its data. */
    int degraded()
    {
        return count() - Long.bitCount(inSync());
    }

    /** Whether data are lost: the array takes no writes then. */
    boolean hasFailed()
    {
        return !survives(inSync());
    }

    /** Whether the members of these slots have all data. */
    boolean survives(final long inSync)
    {
        return layout.survives(inSync);
    }

    /** Whether the array could do without the member in this slot, as it is now. */
    boolean canLose(final int slot)
    {
        return layout.survives(inSync() & ~(1L << slot));
    }

    synchronized void seat(final int slot, final Member member)
    {
        put(slot, member, null);
        spares = without(spares, member);
    }

    /** Gives the first spare an empty slot; nothing happens if there is none any more. */
    synchronized void seatSpare(final int slot)
    {
        if (!spares.isEmpty() && member(slot) == null)
        {
            seat(slot, spares.get(0));
        }
    }

    /** Has the first spare replace the member in a slot; nothing happens if one of them is not there any more. */
    synchronized void seatReplacement(final int slot)
    {
        if (!spares.isEmpty() && member(slot) != null && replacement(slot) == null)
        {
            final Member spare = spares.get(0);
            spare.recoveredBytes = 0;
            put(slot, member(slot), spare);
            spares = without(spares, spare);
        }
    }

    synchronized void addSpare(final Member member)
    {
        spares = plus(spares, member);
        faulty = without(faulty, member);
    }

    /** Throws a member out; one that was being filled to replace it sits in its slot now. Says whether it was there. */
    synchronized boolean expel(final Member member)
    {
        final int slot = slotOf(member);
        if (slot < 0 && !spares.contains(member))
        {
            return false;
        }
        if (slot >= 0 && member(slot) == member)
        {
            put(slot, replacement(slot), null);
        }
        else if (slot >= 0)
        {
            put(slot, member(slot), null);
        }
        spares = without(spares, member);
        faulty = plus(faulty, member);
        return true;
    }

    /** Forgets a failed member or a spare; whoever owns its device closes it. */
    synchronized boolean forget(final Member member)
    {
        final boolean there = spares.contains(member) || faulty.contains(member);
        spares = without(spares, member);
        faulty = without(faulty, member);
        return there;
    }

    private void put(final int slot, final Member member, final Member replacement)
    {
        final List<Seat> changed = new ArrayList<>(seats);
        changed.set(slot, new Seat(member, replacement));
        seats = changed;
    }

    private static List<Member> plus(final List<Member> list, final Member member)
    {
        final List<Member> changed = new ArrayList<>(list);
        changed.add(member);
        return changed;
    }

    private static List<Member> without(final List<Member> list, final Member member)
    {
        final List<Member> changed = new ArrayList<>(list);
        changed.remove(member);
        return changed;
    }
}
