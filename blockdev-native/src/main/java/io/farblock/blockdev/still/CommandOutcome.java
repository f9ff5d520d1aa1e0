package io.farblock.blockdev.still;

import java.util.List;

/**
 * How a command ended. An immutable value.
 *
 * @param command   what was run.
 * @param exitCode  0 when all is well; 128 and the signal's number when a signal ended it.
 * @param late      whether it was ended because its time was up or the caller interrupted.
 * @param output    standard output, its first 4 KiB.
 * @param said      the last 4 KiB of standard output and error, for messages.
 */
public record CommandOutcome(List<String> command, int exitCode, boolean late, String output, String said)
{
    private static final String[] SIGNALS = {"", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL",
        "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM"};

    public boolean succeeded()
    {
        return exitCode == 0 && !late;
    }

    /** The first line of standard output, or "". */
    public String firstLine()
    {
        return output.lines().findFirst().orElse("").strip();
    }

    /** For messages: "lvs -o x ended with exit code 5; it said: ...". */
    public String describe()
    {
        final String words = said.strip().replaceAll("\\s*\\R\\s*", " / ");
        return String.join(" ", command) + " " + ending() + (words.isEmpty() ? "; it said nothing" :
            "; it said: " + words);
    }

    private String ending()
    {
        if (late)
        {
            return "took too long or was interrupted, and was ended";
        }
        final int signal = exitCode - 128;
        return "ended with exit code " + exitCode + switch (exitCode)
        {
            case 126 -> " (a shell's word for: it cannot be executed)";
            case 127 -> " (a shell's word for: no such command)";
            default -> signal > 0 && signal < SIGNALS.length ? " (signal " + signal + ", " + SIGNALS[signal] + ")" : "";
        };
    }
}
