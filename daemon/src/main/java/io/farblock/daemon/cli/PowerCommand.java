package io.farblock.daemon.cli;

import io.farblock.daemon.control.ControlClient;
import io.farblock.daemon.control.ControlException;
import io.farblock.daemon.control.ControlJson;
import io.farblock.daemon.control.ExitCode;
import io.farblock.daemon.control.Request;
import io.farblock.daemon.power.PowerStatus;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code farblock power}: the UPSes, what is done about them, what was decided last, and how much data the energy that
 * is left can save. Exit code 3 when the site knows no UPS.
 */
@Command(name = "power", description = "UPSes, policy, decisions, and how much would be lost with the power.",
    mixinStandardHelpOptions = true)
final class PowerCommand implements Callable<Integer>
{
    @Mixin
    private ControlOption control;

    @Option(names = "--json", description = "one JSON object")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws ControlException
    {
        final PowerStatus power;
        try (ControlClient client = ControlClient.open(control.path()))
        {
            power = client.ask(Request.status(), progress -> { }).status().power();
        }
        if (power == null)
        {
            spec.commandLine().getErr().println("farblock: this site knows no UPS: found no [[ups]] in its " +
                "configuration; add one and restart it");
            return ExitCode.NOT_NOW.number();
        }
        spec.commandLine().getOut().print(json ? ControlJson.line(power) + "\n" : PowerText.full(power));
        spec.commandLine().getOut().flush();
        return ExitCode.DONE.number();
    }
}
