package io.farblock.daemon.cli;

import io.farblock.daemon.control.ControlClient;
import io.farblock.daemon.control.ControlException;
import io.farblock.daemon.control.ExitCode;
import io.farblock.daemon.control.Request;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * {@code farblock reload}: has the daemon read its configuration, certificates and pins again. Exit code 1 says that
 * they have mistakes, which are printed, and that everything stays as it was.
 */
@Command(
    name = "reload",
    description = "Read configuration, certificates and pins again; what needs a restart is named.",
    mixinStandardHelpOptions = true)
final class ReloadCommand implements Callable<Integer>
{
    @Mixin
    private ControlOption control;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws ControlException
    {
        try (ControlClient client = ControlClient.open(control.path()))
        {
            spec.commandLine().getOut().println(client.ask(Request.reload(), progress -> { }).message());
        }
        return ExitCode.DONE.number();
    }
}
