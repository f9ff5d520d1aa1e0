package io.farblock.raidsim.cli;

import io.farblock.blockdev.nbd.NbdAddress;
import io.farblock.powersim.command.ExitCode;
import io.farblock.powersim.command.ServeException;
import io.farblock.raidsim.config.ArrayConfig;
import io.farblock.raidsim.config.ArrayFile;
import io.farblock.raidsim.serve.ArrayServer;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code raid-sim serve}: runs the array until a signal or a command stops it. The shutdown hook closes everything in
 * reverse order; a broken array ends the process with an error.
 */
@Command(name = "serve", description = "Run the array in the foreground, and export it over NBD.",
    mixinStandardHelpOptions = true)
final class ServeCommand extends ArrayCommand
{
    @Option(names = "--listen", required = true, paramLabel = "unix:PATH|HOST:PORT",
        description = "where NBD clients find it; any number of times")
    private List<String> listen = new ArrayList<>();

    @Option(names = "--force", description =
        "also when the array is degraded and was not stopped cleanly: some of it may be wrong (the write hole)")
    private boolean force;

    @Override
    public Integer call() throws Exception
    {
        final List<NbdAddress> addresses = new ArrayList<>();
        for (final String address : listen)
        {
            addresses.add(parsed(address));
        }
        final ArrayConfig config = ArrayFile.read(file());
        try (ArrayServer server =
            ArrayServer.start(config, Launch.control(file()), addresses, Launch.clocks(), this::warn, force))
        {
            final Thread hook = new Thread(server::close, "shutdown");
            Runtime.getRuntime().addShutdownHook(hook);
            server.exports().forEach((export) -> print(config.name() + " is served at " + export));
            final Throwable broken = server.ended().join();
            Runtime.getRuntime().removeShutdownHook(hook);
            if (broken != null)
            {
                throw new ServeException(ExitCode.FAILED, "the array stopped by itself: " + broken);
            }
        }
        return ExitCode.DONE.number();
    }

    private static NbdAddress parsed(final String address) throws ServeException
    {
        try
        {
            return NbdAddress.parse(address);
        }
        catch (final IllegalArgumentException unreadable)
        {
            throw new ServeException(ExitCode.USAGE, "--listen " + unreadable.getMessage());
        }
    }
}
