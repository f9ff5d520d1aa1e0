package io.farblock.raidsim.cli;

import io.farblock.powersim.cli.StatusView;
import io.farblock.powersim.command.ExitCode;
import io.farblock.powersim.command.ServeException;
import io.farblock.powersim.plan.PlanException;
import io.farblock.raidsim.config.ArrayFile;
import io.farblock.raidsim.serve.ArrayStatus;
import io.farblock.raidsim.serve.StatusJson;
import io.farblock.raidsim.serve.StatusText;
import io.farblock.raidsim.serve.SuperblockStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * {@code raid-sim status}: a picture of the array, once or every second. Without a server it shows what the superblocks
 * say. Ends when nobody reads it any more.
 */
@Command(name = "status", description = "Show the array, its disks and what it does.", mixinStandardHelpOptions = true)
final class StatusCommand extends ArrayCommand
{
    @Mixin
    private StatusView view;

    @Override
    public Integer call() throws Exception
    {
        return view.show(this, this::text);
    }

    private String text() throws ServeException, PlanException
    {
        try
        {
            return answer("status", view.word());
        }
        catch (final ServeException unserved)
        {
            if (unserved.exit() != ExitCode.NOT_NOW)
            {
                throw unserved;
            }
            final ArrayStatus status = SuperblockStatus.read(ArrayFile.read(file()));
            return view.isJson() ? StatusJson.of(status) : StatusText.of(status, view.style());
        }
    }
}
