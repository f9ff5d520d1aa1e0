package io.farblock.daemon.control;

/** A command that cannot be carried out, with its exit code and a message of one or two lines for people. */
public final class ControlException extends Exception
{
    private final int exit;

    public ControlException(final int exit, final String message)
    {
        super(message);
        this.exit = exit;
    }

    public ControlException(final ExitCode exit, final String message)
    {
        this(exit.number(), message);
    }

    public int exit()
    {
        return exit;
    }
}
