package io.farblock.blockdev.still;

import java.util.List;
import java.util.Map;

/** Runs commands to their end. An interface so that tests and simulations can have one that records. */
@FunctionalInterface
public interface CommandRunner
{
    /**
     * Runs a command on the calling thread.
     *
     * @param command     the program and its arguments; no shell sees them.
     * @param environment what is added to this process' environment.
     * @param limitNs     after which the command and its children are ended.
     * @return how it ended, badly included.
     * @throws CommandException when it could not be started.
     */
    CommandOutcome run(List<String> command, Map<String, String> environment, long limitNs) throws CommandException;
}
