package io.farblock.raidsim.cli;

import io.farblock.raidsim.config.ConfigException;
import io.farblock.raidsim.plan.PlanException;
import io.farblock.raidsim.serve.ExitCode;
import io.farblock.raidsim.serve.ServeException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * The program's entry: finds the command, runs it, turns what went wrong into a few lines and an exit code. Stateless;
 * the main thread.
 */
@Command(
    name = "raid-sim",
    description = "A RAID array on simulated disks, to break and to recover.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.BuildVersion.class,
    subcommands = {
        CreateCommand.class, ServeCommand.class, StatusCommand.class, FailCommand.class, RemoveCommand.class,
        AddCommand.class, ReplaceCommand.class, PullCommand.class, PlugCommand.class, ScrubCommand.class,
        LimitCommand.class, FaultCommand.class, CutCommand.class, StopCommand.class
        })
public final class Main implements Runnable
{
    @Spec
    private CommandSpec spec;

    public static void main(final String[] args)
    {
        final int exit = run(utf8(FileDescriptor.out), utf8(FileDescriptor.err), args);
        if (exit != 0)
        {
            System.exit(exit);
        }
    }

    /** Bars are blocks in UTF-8, whatever the JVM thinks of the locale; who cannot show them is given ASCII. */
    private static PrintWriter utf8(final FileDescriptor descriptor)
    {
        return new PrintWriter(new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8), true);
    }

    /** Runs a command with its output going where the caller wants it; returns the exit code. */
    static int run(final PrintWriter out, final PrintWriter err, final String... args)
    {
        return new CommandLine(new Main())
            .setOut(out)
            .setErr(err)
            .setParameterExceptionHandler((wrong, given) ->
            {
                err.println("raid-sim: " + String.join(" ", wrong.getMessage().lines().toList()));
                err.println("see: " + wrong.getCommandLine().getCommandSpec().qualifiedName() + " --help");
                return ExitCode.USAGE.number();
            })
            .setExecutionExceptionHandler((failed, commandLine, parsed) -> report(failed, err))
            .execute(args);
    }

    @Override
    public void run()
    {
        throw new CommandLine.ParameterException(spec.commandLine(), "which command? There are "
            + String.join(", ", spec.subcommands().keySet()));
    }

    private static int report(final Exception failed, final PrintWriter err)
    {
        if (failed instanceof ServeException expected)
        {
            err.println("raid-sim: " + expected.getMessage());
            return expected.exit().number();
        }
        if (failed instanceof ConfigException wrong)
        {
            wrong.lines().forEach(err::println);
            return ExitCode.USAGE.number();
        }
        if (failed instanceof PlanException wrong)
        {
            wrong.lines().forEach(err::println);
            return ExitCode.USAGE.number();
        }
        final String reason = failed.getMessage() == null ? failed.toString() : failed.getMessage();
        err.println("raid-sim: " + String.join(" ", reason.lines().toList()));
        return ExitCode.FAILED.number();
    }

    /** What {@code --version} prints. */
    static final class BuildVersion implements CommandLine.IVersionProvider
    {
        @Override
        public String[] getVersion()
        {
            final String version = Main.class.getPackage().getImplementationVersion();
            return new String[]{"raid-sim " + (version == null ? "(not packaged)" : version) + " (Java " +
                Runtime.version() + ")"};
        }
    }
}
