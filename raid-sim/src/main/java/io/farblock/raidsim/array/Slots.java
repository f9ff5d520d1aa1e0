package io.farblock.raidsim.array;

import io.farblock.raidsim.layout.StripeLayout;
import java.util.ArrayList;
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
    private volatile List<Member> members;
    private volatile List<Member> replacements;
    private volatile List<Member> spares = List.of();
    private volatile List<Member> faulty = List.of();

    Slots(final StripeLayout layout)
    {
        this.layout = layout;
        final List<Member> none = new ArrayList<>();
        for (int slot = 0; slot < layout.slots(); slot++)
        {
            none.add(null);
        }
        members = none;
        replacements = none;
    }

    int count()
    {
        return layout.slots();
    }

    /** The member in a slot, whatever its state, or null. */
    Member member(final int slot)
    {
        return members.get(slot);
    }

    /** What is being filled to take the place of the member in a slot, or null. */
    Member replacement(final int slot)
    {
        return replacements.get(slot);
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
        return Math.max(members.indexOf(member), replacements.indexOf(member));
    }

    /** Whether a member has a slot of its own. */
    boolean isSeated(final Member member)
    {
        return members.contains(member);
    }

    /** All that the array still writes its superblock to: members, replacements and spares. */
    List<Member> known()
    {
        final List<Member> known = new ArrayList<>();
        for (int slot = 0; slot < count(); slot++)
        {
            if (member(slot) != null)
            {
                known.add(member(slot));
            }
            if (replacement(slot) != null)
            {
                known.add(replacement(slot));
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
        return !layout.survives(inSync());
    }

    /** Whether the array could do without the member in this slot, as it is now. */
    boolean canLose(final int slot)
    {
        return layout.survives(inSync() & ~(1L << slot));
    }

    synchronized void seat(final int slot, final Member member)
    {
        members = with(members, slot, member);
        spares = without(spares, member);
        replacements = with(replacements, slot, replacements.get(slot) == member ? null : replacements.get(slot));
    }

    synchronized void seatReplacement(final int slot, final Member member)
    {
        replacements = with(replacements, slot, member);
        spares = without(spares, member);
    }

    synchronized void addSpare(final Member member)
    {
        spares = plus(spares, member);
        faulty = without(faulty, member);
    }

    /** Throws a member out; one that was being filled to replace it sits in its slot now. Says whether it was there. */
    synchronized boolean expel(final Member member)
    {
        final int slot = members.indexOf(member);
        final int replacing = replacements.indexOf(member);
        if (slot < 0 && replacing < 0 && !spares.contains(member))
        {
            return false;
        }
        if (slot >= 0)
        {
            final Member next = replacements.get(slot);
            replacements = with(replacements, slot, null);
            members = with(members, slot, next);
        }
        if (replacing >= 0)
        {
            replacements = with(replacements, replacing, null);
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

    private static List<Member> with(final List<Member> list, final int slot, final Member member)
    {
        final List<Member> changed = new ArrayList<>(list);
        changed.set(slot, member);
        return changed;
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
