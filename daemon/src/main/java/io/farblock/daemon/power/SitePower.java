package io.farblock.daemon.power;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How the site is fed, from what is said of its UPSes: a state is the site's when the supplies that are not known to be
 * in it, or in a worse one, are fewer than the machine needs. So one of two UPSes may fail, and silence fails nothing.
 * Debounced for each UPS ({@link UpsWatch}); a UPS without power value is only watched.
 *
 * <p>Stepped by one thread, time is given; nothing here waits or acts. An answer that does not fit the configuration
 * is a broken invariant.
 */
final class SitePower
{
    private static final PowerState[] STATES = PowerState.values();

    private final List<UpsWatch> upses;
    private final int minSupplies;
    private PowerState state = PowerState.UNKNOWN;
    private String reason = "nothing was heard yet";
    private long sinceNs;

    /** @param first what is said of each UPS; nothing is believed of it yet. */
    SitePower(final PowerPolicy policy, final List<UpsStatus> first, final long nowNs)
    {
        this.upses = first.stream().map(ups -> new UpsWatch(ups, policy.debounce().toNanos())).toList();
        this.minSupplies = policy.minSupplies();
        this.sinceNs = nowNs;
    }

    /**
     * Takes in what is said now.
     *
     * @return the UPSes of which something else is believed than before.
     */
    List<UpsWatch> hear(final List<UpsStatus> said, final long nowNs)
    {
        if (said.size() != upses.size())
        {
            throw new IllegalStateException(said.size() + " answers for " + upses.size() + " UPSes");
        }
        final List<UpsWatch> changed = new ArrayList<>();
        for (int i = 0; i < upses.size(); i++)
        {
            if (upses.get(i).hear(said.get(i), nowNs))
            {
                changed.add(upses.get(i));
            }
        }
        return changed;
    }

    /** Draws the conclusion; whether the site's state has changed. */
    boolean conclude(final long nowNs)
    {
        final PowerState next = counted();
        if (!state.allows(next))
        {
            return false;
        }
        transition(next, upses.stream().map(ups -> ups.name() + " " + ups.believed().text() +
            (ups.counted() == ups.believed() ? "" : " (" + ups.counted().text() + " when it was lost)"))
            .collect(Collectors.joining(", ")), nowNs);
        return true;
    }

    private void transition(final PowerState next, final String why, final long nowNs)
    {
        if (!state.allows(next))
        {
            throw new IllegalStateException("power: " + state + " -> " + next + " (" + why + ")");
        }
        state = next;
        reason = why;
        sinceNs = nowNs;
    }

    private PowerState counted()
    {
        for (int level = STATES.length - 1; level > 0; level--)
        {
            if (suppliesBetterThan(STATES[level]) < minSupplies)
            {
                return STATES[level];
            }
        }
        return PowerState.ONLINE;
    }

    private int suppliesBetterThan(final PowerState state)
    {
        int supplies = 0;
        for (final UpsWatch ups : upses)
        {
            supplies += ups.counted().compareTo(state) < 0 ? ups.powerValue() : 0;
        }
        return supplies;
    }

    PowerState state()
    {
        return state;
    }

    /** What each UPS was believed to do when it came into this state. */
    String reason()
    {
        return reason;
    }

    long sinceNs()
    {
        return sinceNs;
    }

    List<UpsWatch> upses()
    {
        return upses;
    }

    /**
     * How long the machine will run on batteries, when there is no mains from now on: until the supplies that are left
     * are fewer than it needs. What says nothing counts as nothing; -1 when too few say anything.
     */
    long runtimeNs(final long nowNs)
    {
        final List<UpsWatch> longest = upses.stream()
            .filter(ups -> ups.powerValue() > 0 && ups.runtimeNs(nowNs) >= 0)
            .sorted(Comparator.comparingLong((UpsWatch ups) -> ups.runtimeNs(nowNs)).reversed()).toList();
        int supplies = 0;
        for (final UpsWatch ups : longest)
        {
            supplies += ups.powerValue();
            if (supplies >= minSupplies)
            {
                return ups.runtimeNs(nowNs);
            }
        }
        return -1;
    }
}
