package io.farblock.daemon.power;

import io.farblock.replication.status.SourceStatus;
import io.farblock.replication.status.SourceStatus.PathStatus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was measured of all groups. One thread. */
final class SiteMeter
{
    private final Map<String, GroupMeter> groups = new LinkedHashMap<>();

    SiteMeter(final List<PoweredGroup> powered)
    {
        powered.forEach(group -> groups.put(group.name(), new GroupMeter()));
    }

    /** Takes in what the engine says now. */
    void sample(final List<SourceStatus> sources, final long nowNs)
    {
        for (final SourceStatus source : sources)
        {
            final long rate = rate(source.paths());
            source.groups().stream().filter(group -> groups.containsKey(group.name()))
                .forEach(group -> groups.get(group.name()).sample(group, rate, nowNs));
        }
    }

    GroupMeter of(final String group)
    {
        return groups.get(group);
    }

    /** What the paths carry together that would be used now: the cheapest, metered ones only when no other is up. */
    private static long rate(final List<PathStatus> paths)
    {
        final List<PathStatus> up = paths.stream().filter(path -> "up".equals(path.state())).toList();
        final boolean metered = up.stream().allMatch(PathStatus::metered);
        final int cost = up.stream().filter(path -> path.metered() == metered).mapToInt(PathStatus::cost).min()
            .orElse(0);
        return up.stream().filter(path -> path.metered() == metered && path.cost() == cost)
            .mapToLong(path -> path.limitBytesPerSecond() == 0 ? path.deliveryBytesPerSecond() :
                Math.min(path.limitBytesPerSecond(), path.deliveryBytesPerSecond())).sum();
    }
}
