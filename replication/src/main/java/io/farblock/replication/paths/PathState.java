package io.farblock.replication.paths;

/**
 * The life of one path.
 *
 * <pre>
 *   DOWN ──> CONNECTING ──> UP <──> SUSPECT
 *    ^           │           │          │
 *    └───────────┴───────────┴──────────┘
 * </pre>
 */
public enum PathState
{
    /** No connection; waits for its next attempt. */
    DOWN,
    /** Connecting, or connected and not yet welcomed. */
    CONNECTING,
    /** Frames go out. */
    UP,
    /** Silent for too long: what it carries goes out on the others too, nothing new goes here. */
    SUSPECT;

    /** Whether {@code next} may follow. */
    public boolean allows(final PathState next)
    {
        return switch (this)
        {
            case DOWN -> next == CONNECTING;
            case CONNECTING -> next == UP || next == DOWN;
            case UP -> next == SUSPECT || next == DOWN;
            case SUSPECT -> next == UP || next == DOWN;
        };
    }
}
