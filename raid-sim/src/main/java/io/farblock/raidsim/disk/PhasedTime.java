package io.farblock.raidsim.disk;

import java.util.Arrays;

/**
 * Lets one thread ask many disks "at once". Between {@link #begin()} and {@link #end()} time stands still for this
 * thread and {@link #until} only remembers the latest deadline, for which {@code end()} waits: as long as the slowest
 * disk took, not as long as all of them together.
 *
 * <pre>
 *   begin   disk 0 until 5   disk 1 until 9   disk 2 until 7   end      9 later
 * </pre>
 *
 * A phase inside a phase does not wait when it ends: for what follows in the outer phase it is its end then, so that a
 * request of two phases (read, then write) takes the time of both. {@link #restart()} takes the outer phase back to
 * its beginning, for the next of several such requests that run at once.
 *
 * <p>The state belongs to the calling thread: threads do not see each other's phases. Phases left open by an exception
 * would stop that thread's time for good, so end them in {@code finally}.
 */
public final class PhasedTime implements SimTime
{
    private final SimTime time;
    private final ThreadLocal<Phases> phases = ThreadLocal.withInitial(Phases::new);

    public PhasedTime(final SimTime time)
    {
        this.time = time;
    }

    /** From now on, on this thread, waiting is only remembered. */
    public void begin()
    {
        final Phases mine = phases.get();
        mine.push(mine.depth == 0 ? time.nowNs() : mine.nowNs);
    }

    /** The next request of this phase starts when the phase did, whatever the one before it took. */
    public void restart()
    {
        final Phases mine = opened();
        mine.nowNs = mine.beginNs[mine.depth - 1];
    }

    /** Waits for the latest deadline of this phase; inside another one that is left to the outer. */
    public void end()
    {
        final Phases mine = opened();
        final long latestNs = mine.pop();
        if (mine.depth == 0)
        {
            time.until(latestNs);
        }
        else
        {
            mine.nowNs = latestNs;
            mine.remember(latestNs);
        }
    }

    @Override
    public long nowNs()
    {
        final Phases mine = phases.get();
        return mine.depth == 0 ? time.nowNs() : mine.nowNs;
    }

    @Override
    public void until(final long deadlineNs)
    {
        final Phases mine = phases.get();
        if (mine.depth == 0)
        {
            time.until(deadlineNs);
        }
        else
        {
            mine.remember(deadlineNs);
        }
    }

    private Phases opened()
    {
        final Phases mine = phases.get();
        if (mine.depth == 0)
        {
            throw new IllegalStateException("no phase is open on this thread; expected begin() before");
        }
        return mine;
    }

    /** The open phases of one thread, outermost first; touched by that thread only. */
    private static final class Phases
    {
        private long[] beginNs = new long[4];
        private long[] latestNs = new long[4];
        private int depth;
        private long nowNs;

        void push(final long startNs)
        {
            if (depth == beginNs.length)
            {
                beginNs = Arrays.copyOf(beginNs, 2 * depth);
                latestNs = Arrays.copyOf(latestNs, 2 * depth);
            }
            beginNs[depth] = startNs;
            latestNs[depth] = startNs;
            nowNs = startNs;
            depth++;
        }

        long pop()
        {
            depth--;
            return latestNs[depth];
        }

        void remember(final long deadlineNs)
        {
            latestNs[depth - 1] = Math.max(latestNs[depth - 1], deadlineNs);
        }
    }
}
