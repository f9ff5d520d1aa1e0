package io.farblock.powersim.cli;

import io.farblock.powersim.command.ControlClient;
import io.farblock.powersim.command.ServeException;
import java.nio.file.Path;
import picocli.CommandLine.Parameters;

/** A command about the UPSes of a file. */
abstract class FileCommand extends ServedCommand
{
    @Parameters(index = "0", paramLabel = "UPS.toml", description = "the file that describes the UPSes")
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
