package io.farblock.replication.marks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small process beside the daemon that reads a line a second from it. When none comes, because the daemon is late,
 * stopped or dead, it removes the files and makes that durable. It ignores the signals that end a service, since it has
 * to outlive the daemon by a moment; it ends by itself.
 */
public final class ShellGuard implements KeepGuard
{
    private static final Logger LOG = LoggerFactory.getLogger("farblock.marks");
    private static final int END_S = 3;
    private static final String SCRIPT = """
        trap '' TERM INT HUP
        patience=$1
        shift
        while IFS= read -r -t "$patience" _; do :; done
        rm -f -- "$@"
        for file; do sync -- "${file%/*}"; done
        """;

    private final Process process;

    private ShellGuard(final Process process)
    {
        this.process = process;
    }

    /** Begins to watch over files, which need not be there yet; nobody, where no shell can be started. */
    public static KeepGuard start(final List<Path> files)
    {
        final List<String> command = new ArrayList<>(
            List.of("/bin/bash", "-c", SCRIPT, "farblock-guard", String.valueOf(PATIENCE_S)));
        files.forEach(file -> command.add(file.toAbsolutePath().toString()));
        try
        {
            return new ShellGuard(new ProcessBuilder(command)
                .directory(Path.of("/").toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start());
        }
        catch (final IOException ex)
        {
            LOG.warn("guard state=missing reason=\"{}\": after a power cut everything is compared", ex.getMessage());
            return NOBODY;
        }
    }

    @Override
    public boolean isWatching()
    {
        return process.isAlive();
    }

    @Override
    public void beat()
    {
        try
        {
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
        }
        catch (final IOException ex)
        {
            LOG.warn("guard state=gone reason=\"{}\"", ex.getMessage());
        }
    }

    @Override
    public void close()
    {
        try
        {
            process.getOutputStream().close();
            if (!process.waitFor(END_S, TimeUnit.SECONDS))
            {
                LOG.warn("guard state=stuck");
            }
        }
        catch (final IOException ex)
        {
            LOG.warn("guard state=gone reason=\"{}\"", ex.getMessage());
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
    }
}
