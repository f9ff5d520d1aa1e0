package io.farblock.daemon.cli;

import io.farblock.daemon.Version;
import io.farblock.daemon.config.ConfigException;
import io.farblock.daemon.control.ControlException;
import io.farblock.daemon.control.ExitCode;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * The program's entry: finds the command, runs it, turns what went wrong into one or two lines and an exit code.
 * Stateless; the main thread.
 */
@Command(
    name = "farblock",
    description = "Replicates block devices to another site.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.BuildVersion.class)
public final class Main implements Runnable
{
    private static final List<Class<?>> COMMANDS = List.of(
        DaemonCommand.class, ConfigCommand.class, StatusCommand.class, EpochCommand.class, VerifyCommand.class,
        PathCommand.class, PairCommand.class, ReloadCommand.class, TrackCommand.class, DemoCommand.class,
        BenchCommand.class, PowerCommand.class);

    @Spec
    private CommandSpec spec;

    public static void main(final String[] args)
    {
        final int exit = run(new PrintWriter(System.out, true), new PrintWriter(System.err, true), args);
        if (exit != 0)
        {
            System.exit(exit);
        }
    }

    /** Runs a command with its output going where the caller wants it; returns the exit code. */
    static int run(final PrintWriter out, final PrintWriter err, final String... args)
    {
        return commandLine(args)
            .setOut(out)
            .setErr(err)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setParameterExceptionHandler((wrong, given) ->
            {
                err.println("farblock: " + String.join(" ", wrong.getMessage().lines().toList()));
                err.println("see: " + wrong.getCommandLine().getCommandSpec().qualifiedName() + " --help");
                return ExitCode.USAGE.number();
            })
            .setExecutionExceptionHandler((failed, commandLine, parsed) -> report(failed, err))
            .execute(args);
    }

    /**
     * With the command that is asked for, or with all, where none of them is: a daemon that starts after a power cut,
     * and each status, would wait for the descriptions of eleven others.
     */
    private static CommandLine commandLine(final String... args)
    {
        final CommandLine line = new CommandLine(new Main());
        final List<Class<?>> asked = COMMANDS.stream()
            .filter(each -> args.length > 0 && each.getAnnotation(Command.class).name().equals(args[0])).toList();
        (asked.isEmpty() ? COMMANDS : asked).forEach(line::addSubcommand);
        return line;
    }

    @Override
    public void run()
    {
        throw new CommandLine.ParameterException(spec.commandLine(), "which command? There are "
            + String.join(", ", List.copyOf(spec.subcommands().keySet())));
    }

    private static int report(final Exception failed, final PrintWriter err)
    {
        if (failed instanceof ControlException expected)
        {
            err.println("farblock: " + expected.getMessage());
            return expected.exit();
        }
        if (failed instanceof ConfigException wrong)
        {
            wrong.lines().forEach(err::println);
            return ExitCode.USAGE.number();
        }
        final String reason = failed.getMessage() == null ? failed.toString() : failed.getMessage();
        err.println("farblock: " + String.join(" ", reason.lines().toList()));
        return ExitCode.FAILED.number();
    }

    /** What {@code --version} prints. */
    static final class BuildVersion implements IVersionProvider
    {
        @Override
        public String[] getVersion()
        {
            return new String[]{"farblock " + Version.text() + " (Java " + Runtime.version() + ")"};
        }
    }
}
