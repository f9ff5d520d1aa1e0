package io.farblock.daemon.engine;

import io.farblock.daemon.config.DaemonConfig;
import io.farblock.replication.source.MarksWritten;
import io.farblock.replication.status.EpochResult;
import io.farblock.replication.status.SourceStatus;
import io.farblock.replication.status.TargetStatus;
import io.farblock.replication.status.VerifyResult;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * What the daemon asks of replication: all groups of all peers, and the target, behind one face. Any thread may call;
 * nothing here blocks for long.
 */
public interface Engine extends AutoCloseable
{
    /** Names of the groups that this site sends. */
    List<String> groups();

    /** One for each peer. */
    List<SourceStatus> sources();

    /** Null when this site does not listen. */
    TargetStatus target();

    /**
     * Asks for an epoch; an epoch that waits to begin is joined.
     *
     * @throws IllegalArgumentException when there is no such group.
     */
    CompletableFuture<EpochResult> epochNow(String group);

    /**
     * Compares both sides of a group.
     *
     * @throws IllegalArgumentException when there is no such group.
     */
    CompletableFuture<VerifyResult> verify(String group, boolean repair);

    /**
     * Takes a path out of use, or back into it, until the daemon ends.
     *
     * @param peer name of the site that it leads to; null when {@code path} is enough.
     * @throws IllegalArgumentException when there is no such path, or several.
     */
    void path(String peer, String path, boolean enabled);

    /**
     * Takes over what of a configuration can be changed while the engine runs: identity, authority, whom it knows, rate
     * limits. The rest of it is not looked at.
     *
     * @throws IllegalStateException when a file that it names cannot be used; everything stays as it was.
     */
    default void reload(final DaemonConfig fresh)
    {
        // Nothing of it is used by an engine that does not say so.
    }

    /** Writes down what the kernel has marked and no epoch has sealed. */
    default CompletableFuture<MarksWritten> persist()
    {
        return CompletableFuture.completedFuture(new MarksWritten(0, 0));
    }

    /** Completes, with the cause, when something happened that never should: the process has to end. */
    default CompletableFuture<Throwable> failed()
    {
        return new CompletableFuture<>();
    }

    /** Stops everything, in the reverse order of its start. Idempotent. */
    @Override
    void close();
}
