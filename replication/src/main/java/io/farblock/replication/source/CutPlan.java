package io.farblock.replication.source;

import java.util.List;

/**
 * How the epochs of a group come to one instant. Concluded by the daemon's configuration; immutable.
 *
 * @param mode        what is done.
 * @param pauseNs     how long {@link Mode#SUSPEND} may keep file systems frozen for one epoch.
 * @param before      the operator's command that brings the application to rest; empty for none.
 * @param after       its counterpart, which lets the application go on; empty exactly when {@code before} is.
 * @param hookLimitNs how long one of them may take.
 */
public record CutPlan(Mode mode, long pauseNs, List<String> before, List<String> after, long hookLimitNs)
{
    /** What is done so that the bytes of an epoch belong together. */
    public enum Mode
    {
        /** Nothing: a device in use is read as it moves. */
        LIVE,
        /** What is left after passes over the moving device is read while its file systems are frozen. */
        SUSPEND,
        /** What is left after such passes is sent while the operator's commands keep the application stopped. */
        STOP,
        /** A snapshot is read. */
        SNAPSHOT
    }

    /** Of a group for which nothing is done. */
    public static CutPlan live()
    {
        return new CutPlan(Mode.LIVE, 0, List.of(), List.of(), 0);
    }

    /** Whether commands bring the application to rest. */
    public boolean hasHooks()
    {
        return !before.isEmpty();
    }
}
