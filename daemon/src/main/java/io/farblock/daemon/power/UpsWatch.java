package io.farblock.daemon.power;

/**
 * What is believed of one UPS: a state counts when it, or a worse one, was heard for as long as the debounce says, from
 * the first to the last answer that had it. What was asked and not answered meanwhile proves nothing, so a glitch that
 * falls between two questions is never longer than it was. A forced shutdown counts at once. One thread.
 */
final class UpsWatch
{
    private static final PowerState[] STATES = PowerState.values();
    private static final int LEVELS = STATES.length;

    private final String name;
    private final long debounceNs;
    /** Since when it was heard to be this bad or worse, and this good or better. */
    private final long[] atLeastNs = new long[LEVELS];
    private final long[] atMostNs = new long[LEVELS];
    private final boolean[] atLeast = new boolean[LEVELS];
    private final boolean[] atMost = new boolean[LEVELS];
    private PowerState believed = PowerState.UNKNOWN;
    /** The last that was not unknown. */
    private PowerState known = PowerState.UNKNOWN;
    private UpsStatus status;
    private boolean replaceBattery;
    /** Since when it says something else about its battery than what is believed. */
    private long otherwiseNs;
    private boolean saysOtherwise;

    /** @param first what is said of it; counts as heard only when it is heard. */
    UpsWatch(final UpsStatus first, final long debounceNs)
    {
        this.name = first.name();
        this.status = first;
        this.debounceNs = debounceNs;
    }

    String name()
    {
        return name;
    }

    /** Takes an answer in; whether what is believed has changed. */
    boolean hear(final UpsStatus heard, final long nowNs)
    {
        status = heard;
        final PowerState said = PowerState.of(heard.state());
        note(said, said == PowerState.UNKNOWN ? nowNs : heard.heardNs());
        final PowerState next = confirmed(said, said == PowerState.UNKNOWN ? nowNs : heard.heardNs());
        if (next == believed)
        {
            return false;
        }
        believed = next;
        known = next == PowerState.UNKNOWN ? known : next;
        return true;
    }

    /**
     * Whether it asks for a new battery since the last time that this was asked: debounced as its state is, since a
     * word that comes and goes would call for epochs at each answer.
     */
    boolean beganToAskForABattery()
    {
        if (status.state() == UpsState.UNKNOWN)
        {
            return false;
        }
        if (status.replaceBattery() == replaceBattery)
        {
            saysOtherwise = false;
            return false;
        }
        otherwiseNs = saysOtherwise ? otherwiseNs : status.heardNs();
        saysOtherwise = status.heardNs() - otherwiseNs < debounceNs;
        replaceBattery = saysOtherwise ? replaceBattery : status.replaceBattery();
        return !saysOtherwise && replaceBattery;
    }

    private void note(final PowerState said, final long evidenceNs)
    {
        for (int level = 0; level < LEVELS; level++)
        {
            final boolean isWorse = said.ordinal() >= level;
            final boolean isBetter = said.ordinal() <= level;
            atLeastNs[level] = isWorse && !atLeast[level] ? evidenceNs : atLeastNs[level];
            atMostNs[level] = isBetter && !atMost[level] ? evidenceNs : atMostNs[level];
            atLeast[level] = isWorse;
            atMost[level] = isBetter;
        }
    }

    private PowerState confirmed(final PowerState said, final long evidenceNs)
    {
        if (said == PowerState.FORCED_SHUTDOWN)
        {
            return said;
        }
        for (int level = LEVELS - 1; level > believed.ordinal(); level--)
        {
            if (atLeast[level] && evidenceNs - atLeastNs[level] >= debounceNs)
            {
                return STATES[level];
            }
        }
        for (int level = 0; level < believed.ordinal(); level++)
        {
            if (atMost[level] && evidenceNs - atMostNs[level] >= debounceNs)
            {
                return STATES[level];
            }
        }
        return believed;
    }

    /** What is believed of it now; unknown while nobody can say. */
    PowerState believed()
    {
        return believed;
    }

    /**
     * As what it counts for the site: a UPS that was lost while it ran on its battery is still on it, one that was lost
     * on mains has not failed.
     */
    PowerState counted()
    {
        return believed == PowerState.UNKNOWN && known.isOutage() ? known : believed;
    }

    int powerValue()
    {
        return status.powerValue();
    }

    UpsStatus status()
    {
        return status;
    }

    /** What the battery has left, by what was said last and the clock; -1 when nothing was said. */
    long runtimeNs(final long nowNs)
    {
        if (status.runtimeNs() < 0 || status.heardNs() == Long.MIN_VALUE)
        {
            return -1;
        }
        final long agoNs = counted().isOutage() ? Math.max(0, nowNs - status.heardNs()) : 0;
        return Math.max(0, status.runtimeNs() - agoNs);
    }
}
