package io.farblock.daemon.cli;

import java.nio.file.Path;

/** Has a daemon that runs take over what was just pinned. The only place that does. Stateless. */
final class PinTakeover
{
    private PinTakeover()
    {
    }

    /** Returns what people are to know of it. */
    static String ask(final Path control)
    {
        return "A daemon that runs at " + control + " uses it after its next start.";
    }
}
