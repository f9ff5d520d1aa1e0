package io.farblock.replication.paths;

import java.util.concurrent.TimeUnit;

/**
 * How often a path went bad lately, and what it has to show for that before it is trusted again: the more often, the
 * longer it waits and the more answers in a row it owes. Time without trouble is forgiveness. (The idea is RFC 2439's;
 * a penalty that halves with time needs no more than this for a handful of paths.)
 *
 * <p>Owned by the send agent.
 */
final class Flaps
{
    private static final long FORGIVEN_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long FIRST_RETRY_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LONGEST_RETRY_NS = TimeUnit.SECONDS.toNanos(2);
    private static final long FIRST_DAMPED_NS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long LONGEST_DAMPED_NS = TimeUnit.SECONDS.toNanos(5);
    /** So many are bad luck. */
    private static final int TOLERATED = 3;
    private static final int MOST = 10;
    private static final int MOST_ANSWERS_LOG2 = 4;

    private int count;
    private int failures;
    private long upSinceNs;

    /** The path carries frames from now on. */
    void up(final long nowNs)
    {
        upSinceNs = nowNs;
        failures = 0;
    }

    /** The path carried frames and does not any more. */
    void left(final long nowNs)
    {
        final long forgiven = Math.min(count, (nowNs - upSinceNs) / FORGIVEN_NS);
        count = Math.min(MOST, count - (int)forgiven + 1);
    }

    /** An attempt to connect failed, or a connection is gone. */
    void failed()
    {
        failures = Math.min(failures + 1, MOST);
    }

    /** The other side was heard of: attempts that failed while it was away say nothing of the next. */
    void forgiveFailures()
    {
        failures = 0;
    }

    int count()
    {
        return count;
    }

    /** Answers in a row that end a suspicion. */
    int answersOwed()
    {
        return 1 << Math.min(Math.max(0, count - 1), MOST_ANSWERS_LOG2);
    }

    /** What a path has to wait before it is tried again whatever happens. */
    long retryNs()
    {
        return Math.min(FIRST_RETRY_NS << Math.max(0, failures - 1), LONGEST_RETRY_NS);
    }

    /** What it waits while there are others. */
    long dampedNs()
    {
        return count <= TOLERATED ? retryNs() :
            Math.max(retryNs(), Math.min(FIRST_DAMPED_NS << count - TOLERATED - 1, LONGEST_DAMPED_NS));
    }
}
