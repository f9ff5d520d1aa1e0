package io.farblock.powersim.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code power-sim ups status}: a picture of the UPSes, once or every second. Ends when nobody reads it any more. */
@Command(name = "status", description = "Show input, battery, load and runtime.", mixinStandardHelpOptions = true)
final class StatusCommand extends FileCommand
{
    @Mixin
    private StatusView view;

    @Override
    public Integer call() throws Exception
    {
        return view.show(this, () -> answer("status", view.word()));
    }
}
