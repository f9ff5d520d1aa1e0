package io.farblock.daemon.power;

import java.util.Locale;

/** What can be done about the power, in one word of the configuration. */
public enum PowerAction
{
    /** An epoch of every group at once, whatever the battery holds. Done once, when the state begins. */
    SEAL,
    /** Epochs in the battery's interval instead of the group's own, as long as the state lasts. */
    SHORTEN,
    /** An epoch of every group by priority, and none that does not fit into what the battery has left. */
    DRAIN,
    /** No epoch by itself. */
    HOLD,
    /** What is marked and not sealed is written down now. Done once. */
    PERSIST,
    /** The site stands down: no epoch begins, the engine is closed, the operator's hook runs. */
    STOP;

    /** As the configuration writes it. */
    public String word()
    {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether a group may have its own word on it; the others are about the site. */
    public boolean isOfAGroup()
    {
        return this != PERSIST && this != STOP;
    }
}
