package io.farblock.powersim.cli;

import io.farblock.powersim.command.ServeException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code power-sim ups speed}: from now on their time passes so fast. */
@Command(name = "speed", description = "Let time pass faster or slower.", mixinStandardHelpOptions = true)
final class SpeedCommand extends FileCommand
{
    @Parameters(index = "1", paramLabel = "N", description = "how many seconds of theirs pass in one of ours")
    private String speed;

    @Override
    public Integer call() throws ServeException
    {
        return ask("speed", speed);
    }
}
