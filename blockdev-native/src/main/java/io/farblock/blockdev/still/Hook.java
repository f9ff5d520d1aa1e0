package io.farblock.blockdev.still;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A command of the operator that stills an application, starts it again, or makes a snapshot. It finds in its
 * environment FARBLOCK_GROUP, FARBLOCK_EPOCH and FARBLOCK_PHASE; no shell is used unless the command names one. One
 * that fails or takes too long is an error with the end of what it said. Runs on the calling thread; no state.
 */
public final class Hook
{
    private final List<String> command;
    private final long limitNs;
    private final CommandRunner runner;

    /**
     * @param command the program and its arguments, not empty.
     * @param limitNs after which it and its children get SIGTERM, and SIGKILL two seconds later.
     */
    public Hook(final List<String> command, final long limitNs, final CommandRunner runner)
    {
        if (command.isEmpty())
        {
            throw new IllegalArgumentException("a hook without a command; expected a program and its arguments");
        }
        this.command = List.copyOf(command);
        this.limitNs = limitNs;
        this.runner = runner;
    }

    /**
     * Runs it.
     *
     * @param phase what it is to do, as the configuration calls it.
     * @return the first line of its standard output, or "": for a snapshot, the path to read from.
     * @throws CommandException when it cannot be run, does not end with exit code 0, or takes too long.
     */
    public String run(final String group, final long epoch, final String phase) throws CommandException
    {
        final CommandOutcome outcome = runner.run(command, Map.of("FARBLOCK_GROUP", group, "FARBLOCK_EPOCH",
            Long.toString(epoch), "FARBLOCK_PHASE", phase), limitNs);
        if (!outcome.succeeded())
        {
            throw new CommandException("the hook for " + phase + " of group " + group + " failed: " +
                outcome.describe() + "; expected exit code 0 within " + TimeUnit.NANOSECONDS.toMillis(limitNs) + " ms");
        }
        return outcome.firstLine();
    }
}
