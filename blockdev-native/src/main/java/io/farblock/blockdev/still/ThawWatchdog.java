package io.farblock.blockdev.still;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.farblock.blockdev.DeviceException;
import io.farblock.blockdev.Errno;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.NanoClock;

/**
 * A process beside this one that thaws what was armed when this one dies or the time is up: a frozen file system stops
 * everybody who writes to it, for ever. The process is a shell in a session of its own, so that a signal to the
 * daemon's group does not reach it; {@code thaw-watchdog.sh} has the protocol. It is started when it is first needed,
 * and again when it has died.
 *
 * <p>It sees the daemon's death as the end of its input. The kernel closes the pipe only when the last thread of the
 * daemon has left its last system call, so a freeze that is under way at a kill is over before the thaw. A child that
 * the daemon starts at that moment may hold the pipe a little longer, until it closes what it inherited.
 *
 * <p>Owned by one thread. Waits for answers with a deadline, since a stopped watchdog must not stop the daemon.
 */
final class ThawWatchdog implements AutoCloseable
{
    private static final long PATIENCE_NS = ThawScript.PATIENCE_NS;
    private static final long LOOK_NS = TimeUnit.MICROSECONDS.toNanos(100);
    private static final int ANSWER_CHARS = 1024;
    private static final byte[] FROZEN = "frozen\n".getBytes(US_ASCII);
    private static final byte[] RELEASE = "release\n".getBytes(US_ASCII);

    private final Path directory;
    private final NanoClock clock;
    private Process process;
    private boolean armed;

    ThawWatchdog(final Path directory, final NanoClock clock)
    {
        this.directory = directory;
        this.clock = clock;
    }

    /**
     * Names what is about to be frozen. When it returns, all of it will be thawed whatever happens to this process.
     *
     * @param mountPoints in the order in which they are to be thawed.
     * @param limitNs     from now, after which they are thawed in any case.
     * @throws DeviceException when the watchdog cannot promise that.
     */
    void arm(final List<String> mountPoints, final long limitNs) throws DeviceException
    {
        final StringBuilder line = new StringBuilder("arm ").append(Math.max(1, (limitNs + 999_999) / 1_000_000));
        mountPoints.forEach(path -> line.append(' ').append(ThawScript.encoded(path)));
        final byte[] request = line.append('\n').toString().getBytes(US_ASCII);
        String answer = process == null || !process.isAlive() ? "" : ask(request);
        if (answer.isEmpty())
        {
            // none yet, or it was killed: nothing is frozen now, so another one can do its work
            discard();
            start();
            answer = ask(request);
        }
        if (!"armed".equals(answer))
        {
            discard();
            throw failure("nothing is frozen: it answers \"" + answer + "\"");
        }
        armed = true;
    }

    /** Tells that all that was armed is frozen by now; false when the watchdog is dead, and then thaw at once. */
    boolean frozen()
    {
        return send(FROZEN) && process.isAlive();
    }

    /** Tells that all was thawed; whether the watchdog, if armed, is alive and had not thawed anything before. */
    boolean release()
    {
        if (!armed)
        {
            return true;
        }
        armed = false;
        final String answer = ask(RELEASE);
        if (answer.isEmpty())
        {
            discard();
        }
        return "held".equals(answer);
    }

    /** Has what is armed thawed at once, as at the end of this process. */
    void abandon()
    {
        armed = false;
        hangUp();
        process = null;
    }

    @Override
    public void close()
    {
        if (process != null)
        {
            hangUp();
            if (!ThawScript.ends(process) && !armed)
            {
                process.destroyForcibly();
            }
            process = null;
        }
    }

    private void start() throws DeviceException
    {
        try
        {
            Files.createDirectories(directory);
            process = ThawScript.shell("watch", directory).start();
        }
        catch (final IOException ex)
        {
            throw failure("it cannot be started: " + ex.getMessage());
        }
        final String answer = answer();
        if (!"ready".equals(answer))
        {
            discard();
            throw failure(answer.isEmpty() ? "it does not start" : "it answers \"" + answer + "\"");
        }
    }

    private String ask(final byte[] request)
    {
        return send(request) ? answer() : "";
    }

    private boolean send(final byte[] line)
    {
        try
        {
            process.getOutputStream().write(line);
            process.getOutputStream().flush();
            return true;
        }
        catch (final IOException ex)
        {
            return false;
        }
    }

    /** A line, or "" when none comes in time. */
    private String answer()
    {
        final StringBuilder line = new StringBuilder();
        final InputStream input = process.getInputStream();
        final long deadlineNs = clock.nanoTime() + PATIENCE_NS;
        try
        {
            while (clock.nanoTime() - deadlineNs < 0 && line.length() < ANSWER_CHARS)
            {
                // asked in this order: what it said before it died is there once it is dead
                final boolean alive = process.isAlive();
                if (input.available() > 0)
                {
                    final int character = input.read();
                    if (character == '\n')
                    {
                        return line.toString();
                    }
                    line.append((char)character);
                }
                else if (alive)
                {
                    LockSupport.parkNanos(LOOK_NS);
                }
                else
                {
                    return "";
                }
            }
        }
        catch (final IOException ex)
        {
            return "";
        }
        return "";
    }

    /** Ends one that does not answer while nothing is frozen; its marker is cleared by the next. */
    private void discard()
    {
        if (process != null)
        {
            hangUp();
            process.destroyForcibly();
            process = null;
        }
    }

    private void hangUp()
    {
        try
        {
            process.getOutputStream().close();
        }
        catch (final IOException ex)
        {
            // it is dead already, and there is nobody left to tell
            return;
        }
    }

    private DeviceException failure(final String found)
    {
        return new DeviceException(Errno.EIO, "cannot start the watchdog that thaws file systems when this daemon " +
            "dies; " + found + "; expected bash, setsid, flock and fsfreeze (util-linux) and a directory " + directory +
            " that may be written");
    }
}
