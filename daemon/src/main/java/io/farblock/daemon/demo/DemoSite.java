package io.farblock.daemon.demo;

import io.farblock.daemon.control.ControlClient;
import io.farblock.daemon.control.ControlException;
import io.farblock.daemon.control.DaemonStatus;
import io.farblock.daemon.control.Request;
import io.farblock.replication.identity.SiteIdentity;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.agrona.concurrent.NanoClock;

/**
 * One site: a daemon in a process of its own, its configuration, its log. Started and killed by the story's threads;
 * {@link #close()} may come from the shutdown hook at any moment, and after it nothing is started any more.
 */
final class DemoSite implements AutoCloseable
{
    private static final long START_LIMIT_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long STOP_LIMIT_SECONDS = 10;
    private static final int LONGEST_SOCKET_PATH = 107;

    private final String name;
    private final Path configFile;
    private final Path logFile;
    private final Path socket;
    private final String mainClass;
    private final NanoClock clock;
    private Process process;
    private boolean closed;

    DemoSite(final String name, final Path directory, final String mainClass, final NanoClock clock)
    {
        this.name = name;
        this.configFile = directory.resolve(name + ".toml");
        this.logFile = directory.resolve(name + ".log");
        this.socket = directory.resolve(name + ".sock");
        this.mainClass = mainClass;
        this.clock = clock;
    }

    /** The lines that every site's configuration begins with. */
    String header() throws DemoException
    {
        if (socket.toString().length() > LONGEST_SOCKET_PATH)
        {
            throw new DemoException(socket + " is too long for a socket; choose a shorter --dir");
        }
        return "site = \"" + name + "\"\nstate = \"" + configFile.resolveSibling(name) + "\"\ncontrol = \"" + socket
            + "\"\n";
    }

    /** The line by which the other site knows this one; its identity is made when there is none yet. */
    String pin() throws IOException
    {
        return "fingerprints = [\"" + SiteIdentity.openOrMake(
            configFile.resolveSibling(name).resolve("identity"), name, new SecureRandom()).fingerprint() + "\"]\n";
    }

    /** Writes the configuration and starts the daemon; returns when it answers. */
    void start(final String config) throws IOException, InterruptedException, DemoException
    {
        Files.writeString(configFile, config);
        start();
    }

    /** Starts it again as it was, and returns when it answers. */
    void start() throws IOException, InterruptedException, DemoException
    {
        final Process started = launch();
        final long deadlineNs = clock.nanoTime() + START_LIMIT_NS;
        while (!answers())
        {
            if (started.waitFor(50, TimeUnit.MILLISECONDS))
            {
                throw new DemoException(name + " ended at once with exit code " + started.exitValue());
            }
            if (clock.nanoTime() - deadlineNs > 0)
            {
                throw new DemoException(name + " did not answer within "
                    + TimeUnit.NANOSECONDS.toSeconds(START_LIMIT_NS) + " s");
            }
        }
    }

    /** As kill -9 does it; returns when the process is gone. */
    void kill() throws InterruptedException
    {
        final Process victim = current();
        victim.destroyForcibly();
        victim.waitFor();
    }

    /** As systemd would stop it. */
    void stop() throws InterruptedException
    {
        final Process stopping = current();
        stopping.destroy();
        if (!stopping.waitFor(STOP_LIMIT_SECONDS, TimeUnit.SECONDS))
        {
            kill();
        }
    }

    ControlClient client() throws ControlException
    {
        return ControlClient.open(socket);
    }

    DaemonStatus status() throws ControlException
    {
        try (ControlClient client = client())
        {
            return client.ask(Request.status(), progress -> { }).status();
        }
    }

    String name()
    {
        return name;
    }

    long pid()
    {
        return current().pid();
    }

    /** The end of its log. */
    List<String> lastLines(final int count)
    {
        try (Stream<String> lines = Files.lines(logFile))
        {
            final List<String> all = lines.toList();
            return all.subList(Math.max(0, all.size() - count), all.size());
        }
        catch (final IOException | RuntimeException unreadable)
        {
            return List.of();
        }
    }

    @Override
    public synchronized void close()
    {
        closed = true;
        if (process != null)
        {
            process.destroyForcibly();
        }
    }

    private synchronized Process launch() throws IOException, DemoException
    {
        if (closed)
        {
            throw new DemoException("the demo is ending");
        }
        process = new ProcessBuilder(SelfCommand.of(mainClass, "daemon", "--config", configFile.toString()))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile.toFile()))
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .start();
        return process;
    }

    private synchronized Process current()
    {
        return process;
    }

    private boolean answers()
    {
        try
        {
            return status().site().equals(name);
        }
        catch (final ControlException notYet)
        {
            return false;
        }
    }
}
