package io.farblock.raidsim.cli;

import io.farblock.powersim.command.ServeException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code raid-sim cut}: returns when the server has given up the array, as after {@link StopCommand}. */
@Command(name = "cut", description =
    "Cut the power of all disks at once: what was not flushed is kept, lost or torn by lot. The server ends.",
    mixinStandardHelpOptions = true)
final class CutCommand extends ArrayCommand
{
    @Option(names = "--seed", paramLabel = "N", description = "repeats a cut, after the same requests; by the clock")
    private Long seed;

    @Override
    public Integer call() throws ServeException
    {
        final long chosen = seed == null ? Launch.clocks().epochSeconds().getAsLong() : seed;
        final int exit = ask("cut", String.valueOf(chosen));
        Launch.awaitUnlocked(file());
        return exit;
    }
}
