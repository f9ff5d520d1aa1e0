package io.farblock.raidsim.cli;

import io.farblock.powersim.command.ServeException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code raid-sim replace}: a member works until the disk that takes its slot is filled. */
@Command(name = "replace", description = "Fill a spare from a member that still works, then let it take its slot.",
    mixinStandardHelpOptions = true)
final class ReplaceCommand extends DiskCommand
{
    @Parameters(index = "2", arity = "0..1", paramLabel = "WITH", description = "the disk to fill; the first spare")
    private String with;

    @Override
    public Integer call() throws ServeException
    {
        return with == null ? ask("replace", disk()) : ask("replace", disk(), with);
    }
}
