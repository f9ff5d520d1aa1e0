package io.farblock.powersim;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * One power line for several things: when it drops, all of them stop at the same moment, each in whatever it does. So
 * nobody can find one disk gone and tell the others, as happens when disks fail one by one.
 *
 * <pre>
 *   rail ──┬── host (a process)      still all of them, in the order in which they were plugged;
 *          ├── array                 then cut each, under a seed of its own;
 *          └── disk, disk, disk      then let go of all
 * </pre>
 *
 * What uses others is plugged before what it uses, since stilling takes locks in that order, as requests do. Any thread
 * that holds none of those locks; one drop or restore at a time.
 */
public final class PowerRail
{
    private final List<PoweredThing> things = new ArrayList<>();

    public PowerRail()
    {
    }

    public PowerRail(final Collection<? extends PoweredThing> things)
    {
        things.forEach(this::plug);
    }

    /**
     * From now on it goes with the others.
     *
     * @throws IllegalArgumentException when it is plugged already.
     */
    public synchronized void plug(final PoweredThing thing)
    {
        if (things.contains(thing))
        {
            throw new IllegalArgumentException(thing.name() + " is plugged already; expected one plug a thing");
        }
        things.add(thing);
    }

    /**
     * Takes the power from all; what each keeps, a seed of its own decides: the given one plus its number here.
     *
     * @return what happened to each, in the order in which they were plugged.
     * @throws IllegalStateException when one has no power already, and then nothing has happened; else as
     *                               {@link PoweredThing#cut} does.
     */
    public synchronized List<CutReport> drop(final long seed)
    {
        final List<CutReport> reports = new ArrayList<>();
        dropHolding(0, seed, reports);
        return reports;
    }

    /** The power is back for all: first for what was plugged last, since it is used by what came before. */
    public synchronized void restore()
    {
        for (int number = things.size() - 1; number >= 0; number--)
        {
            things.get(number).restore();
        }
    }

    /** A request holds the lock of one thing: whoever holds all of them stands between two requests everywhere. */
    private void dropHolding(final int held, final long seed, final List<CutReport> reports)
    {
        if (held < things.size())
        {
            things.get(held).still(() -> dropHolding(held + 1, seed, reports));
            return;
        }
        for (final PoweredThing thing : things)
        {
            if (thing.isDead())
            {
                throw new IllegalStateException(thing.name() + " has no power already; expected restore() before the " +
                    "next cut");
            }
        }
        for (int number = 0; number < things.size(); number++)
        {
            reports.add(things.get(number).cut(seed + number));
        }
    }
}
