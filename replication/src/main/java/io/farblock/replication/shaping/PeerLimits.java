package io.farblock.replication.shaping;

import java.util.Map;

/**
 * What may go to a peer: on all its paths together, and on each by its name. Immutable; {@link Shaper} keeps it.
 */
public record PeerLimits(RateSchedule whole, Map<String, RateSchedule> paths)
{
    /** No limit on anything. */
    public static final PeerLimits NONE = new PeerLimits(RateSchedule.UNLIMITED, Map.of());

    public PeerLimits
    {
        paths = Map.copyOf(paths);
    }

    /** Of one path; a path that is not named has no limit of its own. */
    public RateSchedule path(final String name)
    {
        return paths.getOrDefault(name, RateSchedule.UNLIMITED);
    }
}
