package io.farblock.daemon.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whether a person's terminal is at the other end. {@code System.console()} does not say so on newer JVMs, where it is
 * there even for a pipe; the kernel does. Stateless.
 */
public final class Terminal
{
    private Terminal()
    {
    }

    public static boolean ofStandardOutput()
    {
        try
        {
            final String device = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
            return (device.startsWith("/dev/pts/") || device.startsWith("/dev/tty") || device.equals("/dev/console"))
                && !"dumb".equals(System.getenv("TERM"));
        }
        catch (final IOException | UnsupportedOperationException unknown)
        {
            return false;
        }
    }
}
