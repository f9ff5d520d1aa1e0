package io.farblock.daemon.power;

import io.farblock.blockdev.still.CommandOutcome;
import io.farblock.replication.status.SourceStatus;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * What is done with the site itself when the current stops. Everything that takes time is done elsewhere, in the order
 * in which it was asked for; each call returns at once.
 */
public interface SiteSwitch
{
    /** What the engine says of its groups; empty while it is closed. */
    List<SourceStatus> sources();

    /** Writes down what is marked and not sealed; says what came of it. */
    CompletableFuture<String> persist();

    /**
     * Closes the engine: nothing is acknowledged any more, an epoch that runs is given back. What is marked is written
     * down first, and where that is of use it goes on being written down.
     *
     * @param why for whoever asks the site for something meanwhile.
     * @return what came of the marks.
     */
    CompletableFuture<String> rest(String why);

    /** Launches the engine again. */
    CompletableFuture<Void> wake();

    /** Runs a command of the operator, bounded in time. */
    CompletableFuture<CommandOutcome> run(List<String> command, Map<String, String> environment, long limitNs);
}
