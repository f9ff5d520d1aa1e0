package io.farblock.daemon.cli;

import io.farblock.daemon.control.ControlClient;
import io.farblock.daemon.control.ControlException;
import io.farblock.daemon.control.ControlJson;
import io.farblock.daemon.control.DaemonStatus;
import io.farblock.daemon.control.ExitCode;
import io.farblock.daemon.control.Request;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code farblock status}: once, or every second until interrupted. A watch ends with an error when the daemon goes:
 * an old picture of something that is gone is not shown.
 */
@Command(name = "status", description = "Sites, paths, groups, replicas.", mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer>
{
    private static final String CLEAR_SCREEN = "\u001b[H\u001b[2J";
    private static final long WATCH_NS = TimeUnit.SECONDS.toNanos(1);

    @Mixin
    private ControlOption control;

    @Option(names = "--json", description = "one JSON object a line")
    private boolean json;

    @Option(names = "--watch", description = "again every second, until interrupted")
    private boolean watch;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws ControlException
    {
        final PrintWriter out = spec.commandLine().getOut();
        do
        {
            final DaemonStatus status;
            try (ControlClient client = ControlClient.open(control.path()))
            {
                status = client.ask(Request.status(), progress -> { }).status();
            }
            if (watch && !json && Terminal.ofStandardOutput())
            {
                out.print(CLEAR_SCREEN);
            }
            out.print(json ? ControlJson.line(status) + "\n" : StatusText.of(status));
            out.flush();
            if (watch)
            {
                LockSupport.parkNanos(WATCH_NS);
            }
        }
        while (watch && !out.checkError() && !Thread.currentThread().isInterrupted());
        return ExitCode.DONE.number();
    }
}
