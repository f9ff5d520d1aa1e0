package io.farblock.daemon.cli;

import io.farblock.daemon.Daemon;
import io.farblock.daemon.config.ConfigException;
import io.farblock.daemon.config.ConfigFile;
import io.farblock.daemon.config.DaemonConfig;
import io.farblock.daemon.control.AlreadyRunningException;
import io.farblock.daemon.control.ExitCode;
import io.farblock.daemon.engine.SiteEngine;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
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
    public Integer call() throws InterruptedException
    {
        final PrintWriter err = spec.commandLine().getErr();
        final DaemonConfig checked;
        try
        {
            checked = ConfigFile.read(config);
        }
        catch (final ConfigException wrong)
        {
            wrong.lines().forEach(err::println);
            return ExitCode.USAGE.number();
        }
        try
        {
            final Daemon daemon = new Daemon(
                checked, engineConfig -> new SiteEngine(engineConfig).launch(), SystemNanoClock.INSTANCE);
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
        // Only a signal ends the service, and that does not come back to this thread.
        new CountDownLatch(1).await();
        return ExitCode.DONE.number();
    }
}
