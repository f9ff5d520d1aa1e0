package io.farblock.raidsim.cli;

import io.farblock.powersim.cli.ServedCommand;
import io.farblock.powersim.command.ControlClient;
import io.farblock.powersim.command.ServeException;
import java.nio.file.Path;
import picocli.CommandLine.Parameters;

/** A command about the array of a file. */
abstract class ArrayCommand extends ServedCommand
{
    @Parameters(index = "0", paramLabel = "ARRAY.toml", description = "the file that describes the array")
    private Path file;

    final Path file()
    {
        return file;
    }

    @Override
    protected final ControlClient client() throws ServeException
    {
        return Launch.client(file);
    }
}
