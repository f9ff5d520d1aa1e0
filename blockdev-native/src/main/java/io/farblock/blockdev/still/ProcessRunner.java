package io.farblock.blockdev.still;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.NanoClock;

/**
 * Runs commands as processes, with nothing on standard input. What they say is kept up to a limit and the rest read and
 * forgotten, so that a talkative one neither waits for ever nor fills the memory. One that takes too long gets SIGTERM
 * and a little later SIGKILL, its descendants too, but not one that has left the family (a daemon). Has no state: any
 * thread.
 */
public final class ProcessRunner implements CommandRunner
{
    private static final int KEPT_BYTES = 4096;
    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long GRACE_NS = TimeUnit.SECONDS.toNanos(2);

    private final NanoClock clock;

    public ProcessRunner(final NanoClock clock)
    {
        this.clock = clock;
    }

    @Override
    public CommandOutcome run(final List<String> command, final Map<String, String> environment, final long limitNs)
        throws CommandException
    {
        final Process process = start(command, environment);
        try
        {
            final Said said = new Said();
            process.getOutputStream().close();
            final boolean late = !ends(process, said, limitNs);
            if (late)
            {
                end(process, said);
            }
            final int exitCode = process.isAlive() ? 128 + 9 : process.exitValue();
            return new CommandOutcome(List.copyOf(command), exitCode, late, said.output(), said.end());
        }
        catch (final IOException ex)
        {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            throw new CommandException(
                "cannot read what " + String.join(" ", command) + " says: " + ex.getMessage() + "; run it by hand");
        }
        finally
        {
            // closes the pipes too, which a descendant that went its own way may hold for ever
            process.destroyForcibly();
        }
    }

    private void end(final Process process, final Said said) throws IOException
    {
        final Set<ProcessHandle> family = new LinkedHashSet<>();
        remember(process, family);
        family.forEach(ProcessHandle::destroy);
        ends(process, said, GRACE_NS);
        remember(process, family);
        // all of them also when the command itself obeyed: a child that did not would go on by itself
        family.forEach(ProcessHandle::destroyForcibly);
        ends(process, said, GRACE_NS);
    }

    private static Process start(final List<String> command, final Map<String, String> environment)
        throws CommandException
    {
        final ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        try
        {
            return builder.start();
        }
        catch (final IOException ex)
        {
            throw new CommandException("cannot run " + String.join(" ", command) + ": " + ex.getMessage() +
                "; expected a program, by its full path or on the PATH, that may be executed");
        }
    }

    /** Reads what it says until it ends; false when it does not in that time, or this thread is interrupted. */
    private boolean ends(final Process process, final Said said, final long limitNs) throws IOException
    {
        final long deadlineNs = clock.nanoTime() + limitNs;
        while (process.isAlive())
        {
            final boolean more = said.read(process);
            // also while it talks: one that never stops is late as well
            if (clock.nanoTime() - deadlineNs >= 0 || Thread.currentThread().isInterrupted())
            {
                return false;
            }
            if (!more)
            {
                LockSupport.parkNanos(LOOK_NS);
            }
        }
        // what it said last, a chunk of it; a descendant that goes on talking is not waited for
        said.read(process);
        return true;
    }

    private static void remember(final Process process, final Set<ProcessHandle> family)
    {
        process.descendants().forEach(family::add);
        family.add(process.toHandle());
    }

    /** What a command says, without ever waiting for more. One thread. */
    private static final class Said
    {
        private final byte[] chunk = new byte[KEPT_BYTES];
        private final StringBuilder output = new StringBuilder();
        private String end = "";

        /** Takes what is there; whether there was anything. */
        boolean read(final Process process) throws IOException
        {
            final String words = next(process.getInputStream());
            final int room = KEPT_BYTES - output.length();
            output.append(words, 0, Math.min(room, words.length()));
            final String all = end + words + next(process.getErrorStream());
            final boolean more = all.length() > end.length();
            end = all.substring(Math.max(0, all.length() - KEPT_BYTES));
            return more;
        }

        private String next(final InputStream input) throws IOException
        {
            final int length = Math.min(input.available(), chunk.length);
            return length <= 0 ? "" : new String(chunk, 0, input.read(chunk, 0, length), UTF_8);
        }

        String output()
        {
            return output.toString();
        }

        String end()
        {
            return end;
        }
    }
}
