package io.farblock.daemon.power;

import java.util.Locale;

/**
 * How far a site has come in standing down, and back.
 *
 * <pre>
 *   RUNNING ──> LAST_EPOCHS ──> CLOSING ──> HOOK ──> RESTING ──> WAKING ──> RUNNING
 *      ^             │             └───────────────────> ^          │
 *      └─────────────┘ (mains is back)                   └──────────┘ (it cannot be launched)
 * </pre>
 *
 * An engine that is being closed is closed to the end: half an engine is none. The hook is left out when mains is back
 * before its turn.
 */
public enum StandDownPhase
{
    /** As always. */
    RUNNING,
    /** What runs may end, and what was called for and fits may run. */
    LAST_EPOCHS,
    /** Marks are written down, nothing is acknowledged any more. */
    CLOSING,
    /** The operator's command runs. */
    HOOK,
    /** Until mains is back. */
    RESTING,
    /** The engine is launched. */
    WAKING;

    boolean allows(final StandDownPhase next)
    {
        return switch (this)
        {
            case RUNNING -> next == LAST_EPOCHS;
            case LAST_EPOCHS -> next == CLOSING || next == RUNNING;
            case CLOSING -> next == HOOK || next == RESTING;
            case HOOK -> next == RESTING;
            case RESTING -> next == WAKING;
            case WAKING -> next == RUNNING || next == RESTING;
        };
    }

    /** Whether there is no engine to ask. */
    public boolean isClosed()
    {
        return this != RUNNING && this != LAST_EPOCHS;
    }

    /** As it is shown: "last-epochs". */
    public String text()
    {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
