package io.farblock.daemon.power;

import java.util.Locale;

/**
 * What one UPS says of its output, in one word; the worst that it says counts. A battery that wants to be replaced is
 * no state: it is said beside any of these.
 */
public enum UpsState
{
    /** The load runs on mains. */
    ONLINE,
    /** The load runs on mains past the UPS: when the mains fails now, the load does. */
    BYPASS,
    /** The load runs on the battery. */
    ON_BATTERY,
    /** As {@link #ON_BATTERY}, and the battery is nearly empty. */
    LOW,
    /** Whoever is in charge of this UPS is about to switch its output off. */
    FORCED_SHUTDOWN,
    /** Nobody to ask, no driver, or an answer that is too old: no word on the mains at all. */
    UNKNOWN;

    /** As it is shown: "on-battery". */
    public String text()
    {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
