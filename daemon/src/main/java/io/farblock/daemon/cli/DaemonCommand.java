package io.farblock.daemon.cli;

import io.farblock.daemon.Daemon;
import io.farblock.daemon.DaemonContext;
import io.farblock.daemon.config.ConfigException;
import io.farblock.daemon.config.ConfigFile;
import io.farblock.daemon.config.DaemonConfig;
import io.farblock.daemon.control.AlreadyRunningException;
import io.farblock.daemon.control.ExitCode;
import io.farblock.daemon.engine.SiteEngine;
import io.farblock.daemon.power.nut.NutMonitor;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.agrona.concurrent.SystemNanoClock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code farblock daemon}: runs one site in the foreground until a signal ends the process. The shutdown hook closes
 * everything in reverse order; a start that fails is one line and a non-zero exit.
 */
@Command(name = "daemon", description = "Run the service in the foreground.", mixinStandardHelpOptions = true)
final class DaemonCommand implements Callable<Integer>
{
    @Option(names = "--config", required = true, paramLabel = "FILE", description = "the configuration file")
    private Path config;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws ConfigException
    {
        final PrintWriter err = spec.commandLine().getErr();
        final DaemonConfig checked = ConfigFile.read(config);
        final Daemon daemon = new Daemon(checked, () -> ConfigFile.read(config), DaemonContext.of(
            engineConfig -> new SiteEngine(engineConfig).launch(),
            upses -> new NutMonitor(upses, SystemNanoClock.INSTANCE).launch(),
            SystemNanoClock.INSTANCE));
        try
        {
            daemon.launch();
            Runtime.getRuntime().addShutdownHook(new Thread(daemon::close, "shutdown"));
        }
        catch (final AlreadyRunningException running)
        {
            err.println("farblock: cannot start: " + running.getMessage());
            return ExitCode.NOT_NOW.number();
        }
        catch (final RuntimeException failed)
        {
            final String reason = failed.getMessage() == null ? failed.toString() : failed.getMessage();
            err.println("farblock: cannot start: " + String.join(" ", reason.lines().toList()));
            return ExitCode.FAILED.number();
        }
        // A signal ends the service and does not come back to this thread; a broken invariant does, and the service
        // manager starts a new life from what is durable.
        err.println("farblock: stopped by itself: " + daemon.failed().join());
        return ExitCode.FAILED.number();
    }
}
