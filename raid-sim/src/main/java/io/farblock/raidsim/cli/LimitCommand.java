package io.farblock.raidsim.cli;

import io.farblock.powersim.command.ServeException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code raid-sim limit}: how much of each disk rebuilds, resyncs and scrubs may take; until the server stops. */
@Command(name = "limit", description = "Limit the speed of rebuilds, resyncs and scrubs.",
    mixinStandardHelpOptions = true)
final class LimitCommand extends ArrayCommand
{
    @Parameters(index = "1", paramLabel = "RATE", description = "such as 20M/s, of each disk; none for no limit")
    private String rate;

    @Override
    public Integer call() throws ServeException
    {
        return ask("limit", rate);
    }
}
