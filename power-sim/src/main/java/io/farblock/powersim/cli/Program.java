package io.farblock.powersim.cli;

import io.farblock.powersim.command.ExitCode;
import io.farblock.powersim.command.ServeException;
import io.farblock.powersim.plan.PlanException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.function.ToIntBiFunction;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Runs a simulator's command, and turns what went wrong into a few lines and an exit code. Stateless; main thread. */
public final class Program
{
    private Program()
    {
    }

    /** With the process's output; {@code Main} ends the process unless this gives 0. */
    public static int standard(final ToIntBiFunction<PrintWriter, PrintWriter> run)
    {
        return run.applyAsInt(utf8(FileDescriptor.out), utf8(FileDescriptor.err));
    }

    /** Bars are blocks in UTF-8, whatever the JVM thinks of the locale; who cannot show them is given ASCII. */
    private static PrintWriter utf8(final FileDescriptor descriptor)
    {
        return new PrintWriter(new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8), true);
    }

    /** @param main the annotated top command, whose name is the program's. */
    public static int run(final Object main, final PrintWriter out, final PrintWriter err, final String... args)
    {
        final CommandLine commandLine = new CommandLine(main);
        final String name = commandLine.getCommandName();
        return commandLine
            .setOut(out)
            .setErr(err)
            .setParameterExceptionHandler((wrong, given) ->
            {
                err.println(name + ": " + String.join(" ", wrong.getMessage().lines().toList()));
                err.println("see: " + wrong.getCommandLine().getCommandSpec().qualifiedName() + " --help");
                return ExitCode.USAGE.number();
            })
            .setExecutionExceptionHandler((failed, ignored, parsed) -> report(name, failed, err))
            .execute(args);
    }

    private static int report(final String name, final Exception failed, final PrintWriter err)
    {
        if (failed instanceof PlanException wrong)
        {
            wrong.lines().forEach(err::println);
            return ExitCode.USAGE.number();
        }
        final String reason = failed.getMessage() == null ? failed.toString() : failed.getMessage();
        if (failed instanceof ServeException expected)
        {
            err.println(name + ": " + reason);
            return expected.exit().number();
        }
        err.println(name + ": " + String.join(" ", reason.lines().toList()));
        return ExitCode.FAILED.number();
    }

    /** For a command that does nothing by itself. */
    public static RuntimeException noCommand(final CommandSpec spec)
    {
        return new CommandLine.ParameterException(spec.commandLine(), "which command? There are " +
            String.join(", ", spec.subcommands().keySet()));
    }

    /** What {@code --version} prints. */
    public static String[] version(final String name, final Class<?> main)
    {
        final String version = main.getPackage().getImplementationVersion();
        return new String[]{name + ' ' + (version == null ? "(not packaged)" : version) + " (Java " +
            Runtime.version() + ")"};
    }
}
