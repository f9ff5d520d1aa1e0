package io.farblock.daemon.cli;

import io.farblock.daemon.config.DurationText;
import io.farblock.daemon.config.SizeText;
import io.farblock.daemon.control.ControlClient;
import io.farblock.daemon.control.ControlException;
import io.farblock.daemon.control.ControlJson;
import io.farblock.daemon.control.ExitCode;
import io.farblock.daemon.control.Reply;
import io.farblock.daemon.control.Request;
import io.farblock.replication.status.EpochResult;
import io.farblock.replication.status.SourceStatus.GroupStatus;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code farblock epoch now}: asks for an epoch; with {@code --wait} until it is sealed and applied. An epoch that
 * waits for a path is said on standard error and waited for; without {@code --wait} that is exit code 3.
 */
@Command(name = "epoch", description = "Cut an epoch of a group.", mixinStandardHelpOptions = true)
final class EpochCommand implements Runnable
{
    @Spec
    private CommandSpec spec;

    @Override
    public void run()
    {
        throw new CommandLine.ParameterException(spec.commandLine(), "epoch now GROUP?");
    }

    @Command(name = "now", description = "Cut one now.", mixinStandardHelpOptions = true)
    int now(
        @Parameters(paramLabel = "GROUP", description = "the group") final String group,
        @Option(names = "--wait", description = "until it is sealed and applied") final boolean wait,
        @Option(names = "--json", description = "one JSON object a line") final boolean json,
        @Mixin final ControlOption control) throws ControlException
    {
        final Outcome outcome = new Outcome(json, spec.commandLine().getOut(), spec.commandLine().getErr());
        try (ControlClient client = ControlClient.open(control.path()))
        {
            final Reply reply = client.ask(Request.epoch(group, wait), outcome::progress);
            return wait ? outcome.ended(reply.epoch()) : outcome.started(reply.group());
        }
    }

    /** Prints what one request came to. */
    private static final class Outcome
    {
        private final boolean json;
        private final PrintWriter out;
        private final PrintWriter err;
        private String saidReason = "";

        private Outcome(final boolean json, final PrintWriter out, final PrintWriter err)
        {
            this.json = json;
            this.out = out;
            this.err = err;
        }

        private void progress(final Reply reply)
        {
            final GroupStatus group = reply.group();
            final String reason = "waiting".equals(group.phase()) ? String.valueOf(group.reason()) : "";
            if (!reason.equals(saidReason))
            {
                saidReason = reason;
                err.println(reason.isEmpty() ? "group " + group.name() + " goes on"
                    : "group " + group.name() + " waits: " + reason);
            }
        }

        private int started(final GroupStatus group)
        {
            final boolean waits = "waiting".equals(group.phase());
            if (json)
            {
                out.println(ControlJson.line(group));
            }
            else if (waits)
            {
                err.println("farblock: group " + group.name() + " waits: " + group.reason()
                    + "; the epoch is asked for and begins when that is over");
            }
            else
            {
                out.println("group " + group.name() + ": an epoch is asked for (the last sealed one is "
                    + (group.sealedEpoch() > 0 ? Long.toString(group.sealedEpoch()) : "none") + ")");
            }
            return waits ? ExitCode.NOT_NOW.number() : ExitCode.DONE.number();
        }

        private int ended(final EpochResult epoch)
        {
            if (json)
            {
                out.println(ControlJson.line(epoch));
            }
            else if (epoch.sealed())
            {
                out.println("group " + epoch.group() + ": epoch " + epoch.epoch() + " is sealed (" + epoch.consistency()
                    + "): " + SizeText.of(epoch.changedBytes()) + " changed of " + SizeText.of(epoch.scannedBytes())
                    + " read, " + SizeText.of(epoch.wireBytes()) + " sent in " + DurationText.of(epoch.elapsedNs()));
            }
            if (epoch.sealed() && !json && !epoch.reason().isEmpty())
            {
                err.println("farblock: epoch " + epoch.epoch() + " of group " + epoch.group() + " is sealed, but "
                    + epoch.reason());
            }
            if (!epoch.sealed())
            {
                err.println("farblock: epoch " + epoch.epoch() + " of group " + epoch.group() + " failed: "
                    + epoch.reason());
            }
            return epoch.sealed() ? ExitCode.DONE.number() : ExitCode.FAILED.number();
        }
    }
}
