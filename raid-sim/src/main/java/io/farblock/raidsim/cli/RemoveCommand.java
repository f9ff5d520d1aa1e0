package io.farblock.raidsim.cli;

import io.farblock.powersim.command.ServeException;
import picocli.CommandLine.Command;

/** {@code raid-sim remove}: what was failed or spare is no part of the array any more. */
@Command(name = "remove", description = "Take a failed disk or a spare out of the array.",
    mixinStandardHelpOptions = true)
final class RemoveCommand extends DiskCommand
{
    @Override
    public Integer call() throws ServeException
    {
        return ask("remove", disk());
    }
}
