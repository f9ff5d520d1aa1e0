package io.farblock.daemon.power;

import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the site does in each state of its power. Immutable, checked by the configuration's reader.
 *
 * @param upses           that feed this machine, or are only watched.
 * @param minSupplies     so many supplies keep the machine up.
 * @param debounce        a state must be heard for so long before it counts; a forced shutdown counts at once.
 * @param reserve         runtime of the battery that belongs to the shutdown: no epoch is begun that would use it.
 * @param batteryInterval from epoch to epoch while {@link PowerAction#SHORTEN} is in force.
 * @param resumeAfter     mains must be back for so long before a site that stood down goes on.
 * @param lastEpoch       how long the last epochs may take when the service is ended in an outage; zero for none.
 * @param actions         in each state; a state that is missing is only an event.
 * @param onReplace       when a UPS begins to ask for a new battery.
 * @param hooks           the operator's commands.
 */
public record PowerPolicy(
    List<UpsConfig> upses,
    int minSupplies,
    Duration debounce,
    Duration reserve,
    Duration batteryInterval,
    Duration resumeAfter,
    Duration lastEpoch,
    Map<PowerState, Set<PowerAction>> actions,
    Set<PowerAction> onReplace,
    Hooks hooks)
{
    /** What is done when the configuration says nothing else. */
    public static Map<PowerState, Set<PowerAction>> defaults()
    {
        final Map<PowerState, Set<PowerAction>> actions = new EnumMap<>(PowerState.class);
        actions.put(PowerState.ON_BATTERY, EnumSet.of(PowerAction.DRAIN, PowerAction.SHORTEN));
        actions.put(PowerState.LOW, EnumSet.of(PowerAction.DRAIN, PowerAction.STOP));
        actions.put(PowerState.FORCED_SHUTDOWN, EnumSet.of(PowerAction.STOP));
        return actions;
    }

    /**
     * Commands, each with its arguments; empty where there is none.
     *
     * @param changed whenever the state has changed.
     * @param stopped when the site has come to rest.
     * @param resumed when it goes on again.
     * @param limitNs how long each may take.
     */
    public record Hooks(List<String> changed, List<String> stopped, List<String> resumed, long limitNs)
    {
        public static final Hooks NONE = new Hooks(List.of(), List.of(), List.of(), 0);
    }

    /**
     * What a group has of its own.
     *
     * @param priority        lower ones drain first.
     * @param batteryInterval null for the site's.
     * @param actions         instead of the site's, of a state that is there.
     */
    public record OfGroup(int priority, Duration batteryInterval, Map<PowerState, Set<PowerAction>> actions)
    {
        public static final int PRIORITY = 100;
        public static final OfGroup DEFAULT = new OfGroup(PRIORITY, null, Map.of());
    }

    /** What is done with the site in a state. */
    Set<PowerAction> of(final PowerState state)
    {
        return actions.getOrDefault(state, Set.of());
    }

    /** What is done with a group in a state. */
    Set<PowerAction> of(final PowerState state, final OfGroup group)
    {
        return group.actions().getOrDefault(state, of(state));
    }

    Duration interval(final OfGroup group)
    {
        return group.batteryInterval() == null ? batteryInterval : group.batteryInterval();
    }
}
