package io.farblock.daemon.power;

import io.farblock.daemon.schedule.IntervalAgent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Lets epochs begin one after the other on each peer, in the order of the groups, as long as what is known of them fits
 * into what the battery has left before the reserve. One that does not fit waits behind those that do, and is looked at
 * again at each step; one of which nothing is known is tried after all others. When no UPS says how long its battery
 * lasts, everything is tried.
 *
 * <p>Stepped with the schedule, whose groups are in the same order. One thread.
 */
final class DrainGate
{
    private final List<PoweredGroup> groups;
    private final IntervalAgent schedule;
    private final SiteMeter meter;
    private final PowerEvents events;
    /** What was said last of a group that waits, so that it is said once. */
    private final Map<String, String> said = new HashMap<>();
    private long budgetNs = -1;

    DrainGate(final List<PoweredGroup> groups, final IntervalAgent schedule, final SiteMeter meter,
        final PowerEvents events)
    {
        this.groups = groups;
        this.schedule = schedule;
        this.meter = meter;
        this.events = events;
    }

    /** @param newBudgetNs what the battery has left before the reserve; below zero when it is not known. */
    void budget(final long newBudgetNs)
    {
        budgetNs = newBudgetNs;
    }

    /** Whether the group's epoch may begin now. */
    boolean mayBegin(final String name)
    {
        final PoweredGroup group = groups.stream().filter(candidate -> candidate.name().equals(name)).findFirst()
            .orElseThrow();
        final boolean peerIsBusy = groups.stream().anyMatch(
            other -> other.peer().equals(group.peer()) && schedule.isRunning(other.name()));
        if (peerIsBusy)
        {
            return false;
        }
        if (!fits(name))
        {
            say("wait", name, "does not fit");
            return false;
        }
        final boolean othersFirst = meter.of(name).estimateNs() < 0 && groups.stream().anyMatch(other ->
            other.peer().equals(group.peer()) && !other.name().equals(name) && schedule.isDue(other.name()) &&
            meter.of(other.name()).estimateNs() >= 0 && fits(other.name()));
        if (othersFirst)
        {
            return false;
        }
        said.remove(name);
        say("drain", name, "");
        said.remove(name);
        return true;
    }

    /** Whether the group's epoch would end before the reserve begins, as far as that is known. */
    boolean fits(final String name)
    {
        return budgetNs < 0 || budgetNs > 0 && meter.of(name).estimateNs() <= budgetNs;
    }

    private void say(final String kind, final String name, final String why)
    {
        if (!why.equals(said.put(name, why)))
        {
            final GroupMeter group = meter.of(name);
            events.add(kind, "group", name, "estimate_s", PowerEvents.seconds(group.estimateNs()),
                "budget_s", PowerEvents.seconds(budgetNs), "waiting_bytes", PowerEvents.bytes(group.waitingBytes()),
                "rate_bytes_s", (long)group.wireBytesPerSecond());
        }
    }
}
