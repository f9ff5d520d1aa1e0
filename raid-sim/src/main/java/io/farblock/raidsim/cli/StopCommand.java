package io.farblock.raidsim.cli;

import io.farblock.powersim.command.ServeException;
import picocli.CommandLine.Command;

/** {@code raid-sim stop}: returns when the server has given up the array, so that another may take it. */
@Command(name = "stop", description = "End the server of an array cleanly.", mixinStandardHelpOptions = true)
final class StopCommand extends ArrayCommand
{
    @Override
    public Integer call() throws ServeException
    {
        final int exit = ask("stop");
        Launch.awaitUnlocked(file());
        return exit;
    }
}
