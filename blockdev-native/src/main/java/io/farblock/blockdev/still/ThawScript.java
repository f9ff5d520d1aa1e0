package io.farblock.blockdev.still;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.farblock.blockdev.DeviceException;
import io.farblock.blockdev.Errno;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * {@code thaw-watchdog.sh} as a process: in a session of its own, with nothing of this process but three pipes (what
 * else is open here, sockets and locks, is closed in children by the JDK). Stateless.
 */
final class ThawScript
{
    static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(5);

    private static final String SCRIPT = "thaw-watchdog.sh";

    private ThawScript()
    {
    }

    /**
     * Thaws what dead daemons with dead watchdogs have left frozen; those that live are left alone.
     *
     * @return the mount points that were thawed.
     */
    static List<String> thawLeftOver(final Path directory) throws DeviceException
    {
        if (!Files.isDirectory(directory))
        {
            return List.of();
        }
        try
        {
            final Process thaw = shell("thaw", directory).start();
            thaw.getOutputStream().close();
            final String output = new String(thaw.getInputStream().readAllBytes(), UTF_8);
            if (!ends(thaw) || thaw.exitValue() != 0)
            {
                throw new IOException("the shell ended with " + (thaw.isAlive() ? "nothing" : thaw.exitValue()));
            }
            return output.lines().map(line -> line.replaceFirst("^thawed ", "")).toList();
        }
        catch (final IOException ex)
        {
            throw new DeviceException(Errno.EIO, "cannot thaw what an earlier daemon may have left frozen: " +
                ex.getMessage() + "; expected bash, setsid, flock and fsfreeze (util-linux); if a file system listed " +
                "in " + directory + "/frozen.* does not answer, run fsfreeze -u on it");
        }
    }

    static ProcessBuilder shell(final String mode, final Path directory) throws IOException
    {
        final String script;
        try (InputStream resource = ThawScript.class.getResourceAsStream(SCRIPT))
        {
            script = new String(resource.readAllBytes(), UTF_8);
        }
        // the text goes by the environment, so that the list of processes shows what it is and not how it does it
        final ProcessBuilder builder = new ProcessBuilder("/usr/bin/setsid", "/bin/bash", "-c",
            "eval \"$FARBLOCK_SCRIPT\"", "farblock-thaw-watchdog", mode, directory.toAbsolutePath().toString());
        builder.environment().clear();
        builder.environment().put("FARBLOCK_SCRIPT", script);
        // not where the daemon runs: its own directory would keep that file system mounted
        return builder.directory(Path.of("/").toFile()).redirectError(ProcessBuilder.Redirect.DISCARD);
    }

    static boolean ends(final Process process)
    {
        try
        {
            return process.waitFor(PATIENCE_NS, TimeUnit.NANOSECONDS);
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** ASCII without spaces, newlines and quotes, which the shell's printf %b turns back. */
    static String encoded(final String path)
    {
        final StringBuilder encoded = new StringBuilder();
        for (final byte each : path.getBytes(UTF_8))
        {
            final boolean plain = each >= 'a' && each <= 'z' || each >= 'A' && each <= 'Z' ||
                each >= '0' && each <= '9' || "/._-".indexOf(each) >= 0;
            encoded.append(plain ? String.valueOf((char)each) : String.format("\\0%03o", each & 0xff));
        }
        return encoded.toString();
    }
}
