package io.farblock.powersim.cli;

import io.farblock.powersim.command.ExitCode;
import io.farblock.powersim.command.ServeException;
import io.farblock.powersim.command.Style;
import io.farblock.powersim.command.Terminal;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code power-sim ups status}: a picture of the UPSes, once or every second. Ends when nobody reads it any more. */
@Command(name = "status", description = "Show input, battery, load and runtime.", mixinStandardHelpOptions = true)
final class StatusCommand extends FileCommand
{
    private static final String CLEAR_SCREEN = "\u001b[H\u001b[2J";
    private static final long WATCH_NS = TimeUnit.SECONDS.toNanos(1);

    @Option(names = "--json", description = "one JSON object a line")
    private boolean json;

    @Option(names = "--watch", description = "again every second, until interrupted")
    private boolean watch;

    @Override
    public Integer call() throws ServeException
    {
        final Style style = Terminal.style(System.getenv(), Terminal.ofStandardOutput());
        boolean again = true;
        while (again)
        {
            final String text = answer("status", json ? "json" : style.word());
            show(watch && !json && style == Style.COLOUR ? CLEAR_SCREEN + text : text);
            again = watch && !isOver();
        }
        return ExitCode.DONE.number();
    }

    private boolean isOver()
    {
        LockSupport.parkNanos(WATCH_NS);
        return isUnread() || Thread.currentThread().isInterrupted();
    }
}
