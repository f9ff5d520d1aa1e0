package io.farblock.powersim.command;

/** What became of a request: how it ended, and what people are to read, which may be empty. An immutable value. */
public record Answer(ExitCode exit, String text)
{
    public static Answer done(final String text)
    {
        return new Answer(ExitCode.DONE, text);
    }
}
