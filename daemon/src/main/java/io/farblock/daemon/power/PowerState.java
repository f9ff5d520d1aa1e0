package io.farblock.daemon.power;

import java.util.Locale;

/**
 * How this site is fed, from all its UPSes together. In the order of what is worse; each but the first two is a thing
 * that is known, never one that is guessed.
 *
 * <pre>
 *                 ┌──────────────── word of mains ───────────────┐
 *                 v                                              │
 *   UNKNOWN &lt;─> ONLINE &lt;─> BYPASS ──> ON_BATTERY ──> LOW ──> FORCED_SHUTDOWN
 *      └───────────┴──────────┴──────────> any of these
 * </pre>
 *
 * What was an outage stays one until a UPS says that there is mains again: silence does not end it, and a battery that
 * was low does not fill while it is used, whatever its gauge says.
 */
public enum PowerState
{
    /** Enough supplies are fed by the mains. */
    ONLINE,
    /** No word on so many supplies that the rest would not do: neither an outage nor the end of one. */
    UNKNOWN,
    /** On mains past the UPS: when it fails now, the load does. */
    BYPASS,
    /** Too few supplies are known to have mains: batteries are used up. */
    ON_BATTERY,
    /** As that, and the batteries are nearly empty. */
    LOW,
    /** Whoever is in charge is about to switch off. */
    FORCED_SHUTDOWN;

    /** Whether the one may follow the other. */
    boolean allows(final PowerState next)
    {
        return switch (this)
        {
            case ONLINE, UNKNOWN, BYPASS -> next != this;
            case ON_BATTERY, LOW, FORCED_SHUTDOWN -> next.isMains() || next.compareTo(this) > 0;
        };
    }

    /** Whether there is word of mains. */
    boolean isMains()
    {
        return this == ONLINE || this == BYPASS;
    }

    /** Whether batteries are used up. */
    boolean isOutage()
    {
        return compareTo(ON_BATTERY) >= 0;
    }

    static PowerState of(final UpsState ups)
    {
        return valueOf(ups.name());
    }

    /** As it is shown: "on-battery". */
    public String text()
    {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** As the configuration writes it: "on_battery". */
    public String key()
    {
        return name().toLowerCase(Locale.ROOT);
    }
}
