package io.farblock.raidsim.cli;

import io.farblock.powersim.command.ExitCode;
import io.farblock.powersim.command.ServeException;
import io.farblock.powersim.command.Style;
import io.farblock.powersim.command.Terminal;
import io.farblock.powersim.plan.PlanException;
import io.farblock.raidsim.config.ArrayFile;
import io.farblock.raidsim.serve.ArrayStatus;
import io.farblock.raidsim.serve.StatusJson;
import io.farblock.raidsim.serve.StatusText;
import io.farblock.raidsim.serve.SuperblockStatus;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code raid-sim status}: a picture of the array, once or every second. Without a server it shows what the superblocks
 * say. Ends when nobody reads it any more.
 */
@Command(name = "status", description = "Show the array, its disks and what it does.", mixinStandardHelpOptions = true)
final class StatusCommand extends ArrayCommand
{
    private static final String CLEAR_SCREEN = "\u001b[H\u001b[2J";
    private static final long WATCH_NS = TimeUnit.SECONDS.toNanos(1);

    @Option(names = "--json", description = "one JSON object a line")
    private boolean json;

    @Option(names = "--watch", description = "again every second, until interrupted")
    private boolean watch;

    @Override
    public Integer call() throws ServeException, PlanException
    {
        final Style style = Terminal.style(System.getenv(), Terminal.ofStandardOutput());
        boolean again = true;
        while (again)
        {
            final String text = text(style);
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

    private String text(final Style style) throws ServeException, PlanException
    {
        try
        {
            return answer("status", json ? "json" : style.word());
        }
        catch (final ServeException unserved)
        {
            if (unserved.exit() != ExitCode.NOT_NOW)
            {
                throw unserved;
            }
            final ArrayStatus status = SuperblockStatus.read(ArrayFile.read(file()));
            return json ? StatusJson.of(status) : StatusText.of(status, style);
        }
    }
}
