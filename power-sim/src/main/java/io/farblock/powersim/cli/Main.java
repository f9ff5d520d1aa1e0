package io.farblock.powersim.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The program's entry: finds the command and runs it. Stateless; the main thread. */
@Command(
    name = "power-sim",
    description = "What happens when the current stops: a UPS to serve and to break, and what a cut leaves.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.BuildVersion.class,
    subcommands = {
        UpsCommand.class,
        ExploreCommand.class
        })
public final class Main implements Runnable
{
    @Spec
    private CommandSpec spec;

    public static void main(final String[] args)
    {
        final int exit = Program.standard((out, err) -> run(out, err, args));
        if (exit != 0)
        {
            System.exit(exit);
        }
    }

    /** Runs a command with its output going where the caller wants it; returns the exit code. */
    static int run(final PrintWriter out, final PrintWriter err, final String... args)
    {
        return Program.run(new Main(), out, err, args);
    }

    @Override
    public void run()
    {
        throw Program.noCommand(spec);
    }

    /** What {@code --version} prints. */
    static final class BuildVersion implements CommandLine.IVersionProvider
    {
        @Override
        public String[] getVersion()
        {
            return Program.version("power-sim", Main.class);
        }
    }
}
