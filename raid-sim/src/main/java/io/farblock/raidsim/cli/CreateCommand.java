package io.farblock.raidsim.cli;

import io.farblock.powersim.command.ControlLock;
import io.farblock.powersim.command.ExitCode;
import io.farblock.raidsim.config.ArrayConfig;
import io.farblock.raidsim.config.ArrayFile;
import io.farblock.raidsim.md.ArrayDescription;
import io.farblock.raidsim.serve.ArrayCreation;
import io.farblock.raidsim.serve.ArrayServer;
import io.farblock.raidsim.serve.ArrayTitle;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code raid-sim create}: images that are not there, sparse, and the array on all of them. */
@Command(name = "create", description = "Make the disks' image files and the array on them.",
    mixinStandardHelpOptions = true)
final class CreateCommand extends ArrayCommand
{
    @Option(names = "--force", description = "also on images that hold something: it is lost")
    private boolean force;

    @Override
    public Integer call() throws Exception
    {
        final ArrayConfig config = ArrayFile.read(file());
        final ControlLock lock = ControlLock.take(Launch.control(file()), ArrayServer.TAKEN);
        try
        {
            final ArrayDescription made =
                new ArrayCreation(config, force).create(UUID.randomUUID(), Launch.clocks().epochSeconds());
            print("made " + made.name() + ": " + ArrayTitle.of(made));
        }
        finally
        {
            lock.close();
        }
        return ExitCode.DONE.number();
    }
}
