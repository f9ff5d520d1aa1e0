package io.farblock.raidsim.cli;

import io.farblock.powersim.command.ServeException;
import picocli.CommandLine.Command;

/** {@code raid-sim add}: what was on a disk that becomes a spare is lost. */
@Command(name = "add", description = "Add a disk: back to its slot if little was missed, else as a spare.",
    mixinStandardHelpOptions = true)
final class AddCommand extends DiskCommand
{
    @Override
    public Integer call() throws ServeException
    {
        return ask("add", disk());
    }
}
