package io.farblock.raidsim.cli;

import io.farblock.powersim.command.ServeException;
import picocli.CommandLine.Command;

/** {@code raid-sim pull}: from now on the disk answers nothing. */
@Command(name = "pull", description = "Take a disk away, as if somebody pulled it out.",
    mixinStandardHelpOptions = true)
final class PullCommand extends DiskCommand
{
    @Override
    public Integer call() throws ServeException
    {
        return ask("pull", disk());
    }
}
