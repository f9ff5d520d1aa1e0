package io.farblock.powersim.cli;

import io.farblock.powersim.command.ServeException;
import picocli.CommandLine.Command;

/** {@code power-sim ups stop}: returns when the server has given up the file, so that another may take it. */
@Command(name = "stop", description = "End the server.", mixinStandardHelpOptions = true)
final class StopCommand extends FileCommand
{
    @Override
    public Integer call() throws ServeException
    {
        final int exit = ask("stop");
        Launch.awaitUnlocked(file());
        return exit;
    }
}
