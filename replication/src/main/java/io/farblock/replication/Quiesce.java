package io.farblock.replication;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Ways to hold volumes still while they are read: file systems frozen, an application brought to rest by its
 * operator's commands, a snapshot. This machine's in production, a simulation's elsewhere. Called by one thread at a
 * time; everything here may take its time.
 *
 * <p>Failures are thrown as {@link IOException}, whose message is fit for an operator.
 */
public interface Quiesce extends AutoCloseable
{
    /** Has file systems on these devices write what they hold in memory, so that a freeze has little left to write. */
    void settle(List<Path> devices) throws IOException;

    /**
     * Freezes all file systems on these devices, or none. Whatever becomes of this process, they are thawed when the
     * limit has passed or the process is dead.
     *
     * @param limitNs how long they may stay frozen at most.
     */
    Hold freeze(List<Path> devices, long limitNs) throws IOException;

    /**
     * Runs an operator's command to its end.
     *
     * @param command program and arguments.
     * @throws IOException when it cannot be run, fails, or takes longer than the limit; it is ended then.
     */
    void run(List<String> command, Occasion occasion, long limitNs) throws IOException;

    /**
     * Makes a snapshot of a device, as it is at one instant between the call and the return.
     *
     * @param how kind of snapshot, as configured.
     */
    Snapshot snapshot(SnapshotPlan how, Path device, Occasion occasion) throws IOException;

    /** Lets go of whatever it still has; nothing is frozen after this. */
    @Override
    void close();

    /** File systems that are frozen, or nothing at all where nothing was mounted. */
    interface Hold extends AutoCloseable
    {
        /** Whether there was nothing to freeze. */
        boolean isEmpty();

        /**
         * Lets writers go on; nothing when that was done already.
         *
         * @return whether all of them were frozen from the return of {@link #freeze} until now. If not, writers may
         *         have gone on before.
         */
        boolean thaw();

        @Override
        void close();
    }

    /** A device or file that does not change. */
    interface Snapshot
    {
        /** Where it is read. */
        Path device();

        /**
         * Removes it.
         *
         * @throws IOException when it cannot be removed, or when it broke before: what was read since is void.
         */
        void remove() throws IOException;
    }

    /** Why a command runs; told to it in its environment. */
    record Occasion(String group, long epoch, String phase)
    {
    }
}
