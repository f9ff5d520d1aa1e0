package io.farblock.raidsim.cli;

import io.farblock.powersim.command.ServeException;
import picocli.CommandLine.Command;

/** {@code raid-sim plug}: the disk answers again, with all it held; the array takes it back when it is added. */
@Command(name = "plug", description = "Put a pulled disk back.",
    mixinStandardHelpOptions = true)
final class PlugCommand extends DiskCommand
{
    @Override
    public Integer call() throws ServeException
    {
        return ask("plug", disk());
    }
}
