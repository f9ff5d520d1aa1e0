package io.farblock.daemon.control;

/** How a command ended, as scripts see it. The numbers are a contract. */
public enum ExitCode
{
    DONE(0),
    FAILED(1),
    USAGE(2),
    /** The state does not allow it: no daemon, or a group that waits. */
    NOT_NOW(3),
    DAMAGED(4);

    private final int number;

    ExitCode(final int number)
    {
        this.number = number;
    }

    public int number()
    {
        return number;
    }
}
