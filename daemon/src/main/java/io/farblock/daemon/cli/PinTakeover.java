package io.farblock.daemon.cli;

import io.farblock.daemon.control.ControlClient;
import io.farblock.daemon.control.ControlException;
import io.farblock.daemon.control.Request;
import java.nio.file.Files;
import java.nio.file.Path;

/** Has a daemon that runs take over what was just pinned. The only place that does. Stateless. */
final class PinTakeover
{
    private PinTakeover()
    {
    }

    /** Returns what people are to know of it: the pin is written whatever the daemon says. */
    static String ask(final Path control)
    {
        if (!Files.exists(control))
        {
            return "No daemon runs at " + control + "; it is used when one starts.";
        }
        try (ControlClient client = ControlClient.open(control))
        {
            client.ask(Request.reload(), progress -> { });
            return "The daemon at " + control + " uses it from now on.";
        }
        catch (final ControlException failed)
        {
            return "The daemon at " + control + " does not use it yet (" + failed.getMessage()
                + "): run farblock reload there, or restart it.";
        }
    }
}
