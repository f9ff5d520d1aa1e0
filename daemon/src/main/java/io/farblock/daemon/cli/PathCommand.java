package io.farblock.daemon.cli;

import io.farblock.daemon.control.ControlClient;
import io.farblock.daemon.control.ControlException;
import io.farblock.daemon.control.ControlJson;
import io.farblock.daemon.control.ExitCode;
import io.farblock.daemon.control.Request;
import io.farblock.replication.status.SourceStatus;
import io.farblock.replication.status.SourceStatus.PathStatus;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code farblock path}: the routes to the peers, and which of them may be used. */
@Command(name = "path", description = "List paths, take them out of use and back.", mixinStandardHelpOptions = true)
final class PathCommand implements Runnable
{
    @Spec
    private CommandSpec spec;

    @Override
    public void run()
    {
        throw new picocli.CommandLine.ParameterException(spec.commandLine(), "list, disable or enable is missing");
    }

    @Command(name = "list", description = "Every path, its state and what was measured of it.",
        mixinStandardHelpOptions = true)
    int list(
        @Mixin final ControlOption control,
        @Option(names = "--json", description = "one JSON object a line: the peer and its paths") final boolean json)
        throws ControlException
    {
        final List<SourceStatus> sources;
        try (ControlClient client = ControlClient.open(control.path()))
        {
            sources = client.ask(Request.status(), progress -> { }).status().sources();
        }
        sources.forEach(source -> spec.commandLine().getOut().print(
            json ? ControlJson.line(new PeerPaths(source.peer(), source.paths())) + "\n" : PathText.of(source)));
        return ExitCode.DONE.number();
    }

    @Command(name = "disable", description = "Close a path and leave it alone until it is enabled or the daemon ends.",
        mixinStandardHelpOptions = true)
    int disable(@Mixin final ControlOption control, @Parameters(paramLabel = "[PEER/]PATH") final String path)
        throws ControlException
    {
        return set(control, path, false);
    }

    @Command(name = "enable", description = "Use a path again.", mixinStandardHelpOptions = true)
    int enable(@Mixin final ControlOption control, @Parameters(paramLabel = "[PEER/]PATH") final String path)
        throws ControlException
    {
        return set(control, path, true);
    }

    private int set(final ControlOption control, final String path, final boolean enabled) throws ControlException
    {
        final int slash = path.indexOf('/');
        try (ControlClient client = ControlClient.open(control.path()))
        {
            client.ask(
                Request.path(slash < 0 ? null : path.substring(0, slash), path.substring(slash + 1), enabled),
                progress -> { });
        }
        spec.commandLine().getOut().println("path " + path + (enabled ? " enabled" : " disabled"));
        return ExitCode.DONE.number();
    }

    /** One line of {@code --json}. */
    private record PeerPaths(String peer, List<PathStatus> paths)
    {
    }
}
