package io.farblock.replication.paths;

/**
 * The life of one path.
 *
 * <pre>
 *   DISABLED <──> DOWN ──> CONNECTING ──> UP <──> SUSPECT
 *       ^          ^           │           │          │
 *       │          └───────────┴───────────┴──────────┤
 *       └──────────────────────┴───────────┴──────────┘
 * </pre>
 */
public enum PathState
{
    /** No connection, and none is tried: the operator's will. */
    DISABLED,
    /** No connection; waits for its next attempt. */
    DOWN,
    /** Connecting, or connected and not yet welcomed. */
    CONNECTING,
    /** Frames go out. */
    UP,
    /** An answer is overdue: what it carries goes out on the others too, and nothing new goes here if there are any. */
    SUSPECT;

    /** Whether {@code next} may follow. */
    public boolean allows(final PathState next)
    {
        return switch (this)
        {
            case DISABLED -> next == DOWN;
            case DOWN -> next == CONNECTING || next == DISABLED;
            case CONNECTING -> next == UP || next == DOWN || next == DISABLED;
            case UP -> next == SUSPECT || next == DOWN || next == DISABLED;
            case SUSPECT -> next == UP || next == DOWN || next == DISABLED;
        };
    }
}
