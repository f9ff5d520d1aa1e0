package io.farblock.powersim.cli;

import io.farblock.powersim.command.ExitCode;
import io.farblock.powersim.command.Style;
import io.farblock.powersim.command.Terminal;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Option;

/**
 * How any simulator shows a status: once or every second, as a picture or in JSON; a mixin of its command. One use, on
 * the main thread.
 */
public final class StatusView
{
    private static final String CLEAR_SCREEN = "\u001b[H\u001b[2J";
    private static final long WATCH_NS = TimeUnit.SECONDS.toNanos(1);

    private final Style style = Terminal.style(System.getenv(), Terminal.ofStandardOutput());

    @Option(names = "--json", description = "one JSON object a line")
    private boolean json;

    @Option(names = "--watch", description = "again every second, until interrupted")
    private boolean watch;

    public boolean isJson()
    {
        return json;
    }

    /** Of a picture. */
    public Style style()
    {
        return style;
    }

    /** What a server is to be asked for. */
    public String word()
    {
        return json ? "json" : style.word();
    }

    /** Shows what is read anew each time, until nobody reads it any more. */
    public int show(final ServedCommand command, final Callable<String> status) throws Exception
    {
        boolean again = true;
        while (again)
        {
            final String text = status.call();
            command.show(watch && !json && style == Style.COLOUR ? CLEAR_SCREEN + text : text);
            again = watch && !isOver(command);
        }
        return ExitCode.DONE.number();
    }

    private static boolean isOver(final ServedCommand command)
    {
        LockSupport.parkNanos(WATCH_NS);
        return command.isUnread() || Thread.currentThread().isInterrupted();
    }
}
