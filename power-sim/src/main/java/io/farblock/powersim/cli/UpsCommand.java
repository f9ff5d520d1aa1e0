package io.farblock.powersim.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code power-sim ups}: serves UPSes, shows them, does things to them. */
@Command(
    name = "ups",
    description = "UPSes that NUT's upsc and upsmon take for real ones.",
    mixinStandardHelpOptions = true,
    subcommands = {
        ServeCommand.class, StatusCommand.class, SpeedCommand.class, StopCommand.class,
        ActionCommand.Cut.class, ActionCommand.Restore.class, ActionCommand.Brownout.class, ActionCommand.Flap.class,
        ActionCommand.Load.class, ActionCommand.Generator.class, ActionCommand.ReplaceBattery.class,
        ActionCommand.Lie.class, ActionCommand.Honest.class, ActionCommand.Silence.class, ActionCommand.Speak.class,
        ActionCommand.Age.class, ActionCommand.Temperature.class, ActionCommand.Bypass.class,
        ActionCommand.Calibrate.class, ActionCommand.Fsd.class, ActionCommand.Off.class, ActionCommand.On.class
        })
final class UpsCommand implements Runnable
{
    @Spec
    private CommandSpec spec;

    @Override
    public void run()
    {
        throw Program.noCommand(spec);
    }
}
