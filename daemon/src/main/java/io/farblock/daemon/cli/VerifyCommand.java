package io.farblock.daemon.cli;

import io.farblock.daemon.config.SizeText;
import io.farblock.daemon.control.ControlClient;
import io.farblock.daemon.control.ControlException;
import io.farblock.daemon.control.ControlJson;
import io.farblock.daemon.control.ExitCode;
import io.farblock.daemon.control.Request;
import io.farblock.replication.status.VerifyResult;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code farblock verify}: online compare of both sides. Exit code 4 says that the copy is damaged and was not
 * repaired; 3 that the compare could not be done now.
 */
@Command(name = "verify", description = "Compare both sides of a group.", mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer>
{
    @Parameters(paramLabel = "GROUP", description = "the group")
    private String group;

    @Option(names = "--repair", description = "send damaged ranges again")
    private boolean repair;

    @Option(names = "--json", description = "one JSON object")
    private boolean json;

    @Mixin
    private ControlOption control;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws ControlException
    {
        final VerifyResult result;
        try (ControlClient client = ControlClient.open(control.path()))
        {
            result = client.ask(Request.verify(group, repair), progress -> { }).verify();
        }
        if (json)
        {
            spec.commandLine().getOut().println(ControlJson.line(result));
        }
        else
        {
            print(result, spec.commandLine().getOut(), spec.commandLine().getErr());
        }
        return exit(result).number();
    }

    private static ExitCode exit(final VerifyResult result)
    {
        if (result.reason() != null && !result.reason().isEmpty())
        {
            return ExitCode.NOT_NOW;
        }
        return result.equal() || result.repaired() ? ExitCode.DONE : ExitCode.DAMAGED;
    }

    private static void print(final VerifyResult result, final PrintWriter out, final PrintWriter err)
    {
        final String name = "group " + result.group() + ", epoch " + result.epoch() + ": ";
        result.damaged().forEach(range -> out.println("damaged: " + range));
        switch (exit(result))
        {
            case NOT_NOW -> err.println("farblock: " + name + "not compared: " + result.reason());
            case DAMAGED -> err.println("farblock: " + name + "the copy is DAMAGED in " + result.damaged().size()
                + " range(s); farblock verify " + result.group() + " --repair sends them again");
            default -> out.println(name + (result.repaired() ? "was damaged and is repaired; " : "equal; ")
                + SizeText.of(result.checkedBytes()) + " read back, " + SizeText.of(result.pendingBytes())
                + " on the source not replicated yet");
        }
    }
}
