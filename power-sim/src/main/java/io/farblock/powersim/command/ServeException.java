package io.farblock.powersim.command;

/** Something that was asked for cannot be done. The message is one line for people; the code is for scripts. */
public final class ServeException extends Exception
{
    private static final long serialVersionUID = 1L;

    private final ExitCode exit;

    public ServeException(final ExitCode exit, final String message)
    {
        super(message);
        this.exit = exit;
    }

    public ExitCode exit()
    {
        return exit;
    }
}
