package io.farblock.raidsim.cli;

import picocli.CommandLine.Parameters;

/** A command about one disk of an array; see {@link ArrayCommand}. */
abstract class DiskCommand extends ArrayCommand
{
    @Parameters(index = "1", paramLabel = "DISK", description = "a disk, by name or by slot")
    private String disk;

    final String disk()
    {
        return disk;
    }
}
