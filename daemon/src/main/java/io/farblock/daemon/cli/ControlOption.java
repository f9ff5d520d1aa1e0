package io.farblock.daemon.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option that all client commands share: which daemon. Filled by the parser, then only read. */
final class ControlOption
{
    @Option(
        names = "--control",
        paramLabel = "PATH",
        defaultValue = "/run/farblock/control.sock",
        description = "the daemon's control socket (default: ${DEFAULT-VALUE})")
    private Path path;

    Path path()
    {
        return path;
    }
}
