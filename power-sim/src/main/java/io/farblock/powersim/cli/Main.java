package io.farblock.powersim.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The program's entry: finds the command and runs it. Stateless; the main thread. */
@Command(
    name = "power-sim",
    description = "What happens when the current stops.",
    mixinStandardHelpOptions = true,
    subcommands = {
        ExploreCommand.class
        })
public final class Main implements Runnable
{
    private static final int USAGE = 2;
    private static final int FAILED = 1;

    @Spec
    private CommandSpec spec;

    public static void main(final String[] args)
    {
        final PrintWriter out = new PrintWriter(
            new OutputStreamWriter(new FileOutputStream(FileDescriptor.out), StandardCharsets.UTF_8), true);
        final PrintWriter err = new PrintWriter(
            new OutputStreamWriter(new FileOutputStream(FileDescriptor.err), StandardCharsets.UTF_8), true);
        final int exit = run(out, err, args);
        if (exit != 0)
        {
            System.exit(exit);
        }
    }

    /** Runs a command with its output going where the caller wants it; returns the exit code. */
    static int run(final PrintWriter out, final PrintWriter err, final String... args)
    {
        return new CommandLine(new Main())
            .setOut(out)
            .setErr(err)
            .setParameterExceptionHandler((wrong, given) ->
            {
                err.println("power-sim: " + String.join(" ", wrong.getMessage().lines().toList()));
                err.println("see: " + wrong.getCommandLine().getCommandSpec().qualifiedName() + " --help");
                return USAGE;
            })
            .setExecutionExceptionHandler((failed, commandLine, parsed) ->
            {
                final String reason = failed.getMessage() == null ? failed.toString() : failed.getMessage();
                err.println("power-sim: " + String.join(" ", reason.lines().toList()));
                return FAILED;
            })
            .execute(args);
    }

    @Override
    public void run()
    {
        throw new CommandLine.ParameterException(spec.commandLine(), "which command? There are " +
            String.join(", ", spec.subcommands().keySet()));
    }
}
