package io.farblock.powersim.command;

/** How a command ended, as scripts see it. The numbers are a contract, and the same as those of {@code farblock}. */
public enum ExitCode
{
    DONE(0),
    FAILED(1),
    USAGE(2),
    /** The state does not allow it: nobody serves the file, or somebody else does. */
    NOT_NOW(3),
    /** Data is lost, or copies differ. */
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

    /** {@link #FAILED} for a number that is none. */
    static ExitCode of(final int number)
    {
        for (final ExitCode code : values())
        {
            if (code.number == number)
            {
                return code;
            }
        }
        return FAILED;
    }
}
