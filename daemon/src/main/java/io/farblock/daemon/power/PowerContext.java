package io.farblock.daemon.power;

import io.farblock.daemon.schedule.IntervalAgent;
import java.util.List;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.NanoClock;

/**
 * What a power agent works with.
 *
 * @param groups   in the order in which they drain, which is that of the schedule.
 * @param schedule stepped after the agent, by the same thread.
 * @param clock    the feed's, too.
 */
public record PowerContext(
    PowerPolicy policy,
    List<PoweredGroup> groups,
    UpsFeed feed,
    IntervalAgent schedule,
    SiteSwitch site,
    NanoClock clock,
    EpochClock wall)
{
}
