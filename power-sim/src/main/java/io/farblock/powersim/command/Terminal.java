package io.farblock.powersim.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** What can be shown where the output goes. Stateless. */
public final class Terminal
{
    private Terminal()
    {
    }

    /** Whether a person's terminal is at the other end. The console of newer JVMs is there even for a pipe. */
    public static boolean ofStandardOutput()
    {
        try
        {
            final String device = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
            return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty") || device.equals("/dev/console");
        }
        catch (final IOException | UnsupportedOperationException unknown)
        {
            return false;
        }
    }

    /** Colours on a terminal that was not told otherwise, blocks where the locale has them, else ASCII. */
    public static Style style(final Map<String, String> environment, final boolean isTerminal)
    {
        final String locale = Stream.of("LC_ALL", "LC_CTYPE", "LANG").map(environment::get)
            .filter((value) -> value != null && !value.isEmpty()).findFirst().orElse("").toLowerCase(Locale.ROOT);
        if (!locale.contains("utf-8") && !locale.contains("utf8"))
        {
            return Style.ASCII;
        }
        final boolean isPlain = !isTerminal || "dumb".equals(environment.get("TERM")) ||
            environment.containsKey("NO_COLOR");
        return isPlain ? Style.PLAIN : Style.COLOUR;
    }
}
