package io.farblock.daemon.faults;

import io.farblock.daemon.cli.Main;
import io.farblock.daemon.control.ControlClient;
import io.farblock.daemon.control.ControlException;
import io.farblock.daemon.control.DaemonStatus;
import io.farblock.daemon.control.Request;
import io.farblock.daemon.demo.SelfCommand;
import io.farblock.replication.status.EpochResult;
import io.farblock.replication.status.VerifyResult;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * One daemon in a process of its own, with the memory that {@code bin/farblock} gives it: started, asked, killed by the
 * test's thread. What it says goes to a log beside its configuration.
 */
public final class DaemonProcess implements AutoCloseable
{
    /** As in {@code bin/farblock}. */
    private static final List<String> MEMORY = List.of(
        "-Xmx128m", "-XX:MaxDirectMemorySize=1g", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError", "-Xshare:auto");
    /** What the build says of daemons that live for seconds; none in its slow tests. */
    private static final List<String> COMPILER = Stream.of(System.getProperty("farblock.jvm.compiler.short", ""))
        .filter(flag -> !flag.isBlank()).toList();
    private static final long LIMIT_SECONDS = 60;

    private final String name;
    private final Path directory;
    private final List<String> enter;
    private Process process;

    public DaemonProcess(final String name, final Path directory)
    {
        this(name, directory, List.of());
    }

    /** @param enter stands before the command, and becomes it: how to get into a network namespace. */
    public DaemonProcess(final String name, final Path directory, final List<String> enter)
    {
        this.name = name;
        this.directory = directory;
        this.enter = enter;
    }

    /** The lines that every configuration begins with. */
    public String header()
    {
        return "site = \"" + name + "\"\nstate = \"" + state() + "\"\ncontrol = \"" + socket() + "\"\n";
    }

    public Path state()
    {
        return directory.resolve(name);
    }

    /** A control socket must be short, and a test's own directory is not. */
    public Path socket()
    {
        return directory.resolve(name + ".sock");
    }

    Path configFile()
    {
        return directory.resolve(name + ".toml");
    }

    /** Starts it with this configuration and returns when it answers. */
    public void start(final String config) throws IOException, InterruptedException
    {
        Files.writeString(configFile(), config);
        start();
    }

    /** Starts it again as it was, and returns when it answers. */
    public void start() throws IOException, InterruptedException
    {
        launch();
        awaitAnswer();
    }

    /** Starts it with this configuration and does not wait. */
    public void launch(final String config) throws IOException
    {
        Files.writeString(configFile(), config);
        launch();
    }

    public void awaitAnswer()
    {
        Deadline.await(name + " answers", LIMIT_SECONDS, () ->
        {
            if (!process.isAlive())
            {
                throw new AssertionError(name + " ended with exit code " + process.exitValue() + "\n" + log());
            }
            return answers();
        });
    }

    /** Starts it where it should refuse to start; returns its exit code. */
    int startAndEnd() throws IOException, InterruptedException
    {
        launch();
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS))
        {
            throw new AssertionError(name + " goes on running\n" + log());
        }
        return process.exitValue();
    }

    /** As kill -9 does it. */
    void kill() throws InterruptedException
    {
        process.destroyForcibly().waitFor();
    }

    /** As systemd stops it; returns when it has ended. */
    void terminate() throws InterruptedException
    {
        process.destroy();
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS))
        {
            throw new AssertionError(name + " goes on running\n" + log());
        }
    }

    public boolean isAlive()
    {
        return process != null && process.isAlive();
    }

    public DaemonStatus status()
    {
        try (ControlClient client = ControlClient.open(socket()))
        {
            return client.ask(Request.status(), progress -> { }).status();
        }
        catch (final ControlException ex)
        {
            throw new CompletionException(ex);
        }
    }

    /** Asks for an epoch and waits for its end in the background; fails when the daemon dies meanwhile. */
    public CompletableFuture<EpochResult> epoch(final String group)
    {
        final CompletableFuture<EpochResult> asked = new CompletableFuture<>();
        final Thread thread = new Thread(() ->
        {
            try (ControlClient client = ControlClient.open(socket()))
            {
                asked.complete(client.ask(Request.epoch(group, true), progress -> { }).epoch());
            }
            catch (final ControlException | RuntimeException ex)
            {
                asked.completeExceptionally(ex);
            }
        }, "ask-" + name);
        thread.setDaemon(true);
        thread.start();
        return asked;
    }

    /** Verifies a group and has its damage repaired. */
    VerifyResult verifyAndRepair(final String group)
    {
        try (ControlClient client = ControlClient.open(socket()))
        {
            return client.ask(Request.verify(group, true), progress -> { }).verify();
        }
        catch (final ControlException ex)
        {
            throw new CompletionException(ex);
        }
    }

    /** Peak of what the process had in memory, in KiB. */
    long peakResidentKiB() throws IOException
    {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + process.pid() + "/status")))
        {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).findFirst().orElseThrow();
        }
    }

    public long pid()
    {
        return process.pid();
    }

    public String log()
    {
        try
        {
            final Path file = logFile();
            return Files.exists(file) ? Files.readString(file) : "";
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    @Override
    public void close()
    {
        if (process != null)
        {
            process.destroyForcibly().onExit().orTimeout(10, TimeUnit.SECONDS).join();
        }
    }

    private Path logFile()
    {
        return directory.resolve(name + ".log");
    }

    private void launch() throws IOException
    {
        final List<String> command = SelfCommand.of(Main.class.getName(), "daemon", "--config",
            configFile().toString());
        // Later options win over those that this JVM was started with. The suite's logging says nothing: not for it.
        command.addAll(command.indexOf("-cp"), MEMORY);
        command.addAll(command.indexOf("-cp"), COMPILER);
        command.add(command.indexOf("-cp"), "-Dlogback.configurationFile=" + mainLogging());
        command.addAll(0, enter);
        process = new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile().toFile()))
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .start();
    }

    private static String mainLogging()
    {
        return Main.class.getResource("/logback.xml").toString();
    }

    private boolean answers()
    {
        try
        {
            return status().pid() == process.pid();
        }
        catch (final CompletionException notYet)
        {
            return false;
        }
    }
}
