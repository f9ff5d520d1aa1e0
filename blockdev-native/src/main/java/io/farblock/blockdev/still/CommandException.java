package io.farblock.blockdev.still;

import java.io.IOException;

/**
 * A command of the operator or of LVM could not be run, failed, or took too long. The message is for the operator:
 * which command, how it ended, the end of what it said, and what was expected.
 */
public final class CommandException extends IOException
{
    private static final long serialVersionUID = 1L;

    public CommandException(final String message)
    {
        super(message);
    }
}
