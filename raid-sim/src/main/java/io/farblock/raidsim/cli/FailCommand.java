package io.farblock.raidsim.cli;

import io.farblock.powersim.command.ServeException;
import picocli.CommandLine.Command;

/** {@code raid-sim fail}: the array goes on without a member, and rebuilds onto a spare if it has one. */
@Command(name = "fail", description = "Throw a member out, as if it had failed.",
    mixinStandardHelpOptions = true)
final class FailCommand extends DiskCommand
{
    @Override
    public Integer call() throws ServeException
    {
        return ask("fail", disk());
    }
}
