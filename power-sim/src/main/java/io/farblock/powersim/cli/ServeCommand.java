package io.farblock.powersim.cli;

import io.farblock.powersim.command.ExitCode;
import io.farblock.powersim.command.ServeException;
import io.farblock.powersim.config.HostPort;
import io.farblock.powersim.config.UpsFile;
import io.farblock.powersim.config.UpsSetup;
import io.farblock.powersim.serve.UpsServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code power-sim ups serve}: runs UPSes until a signal or a command stops it. The shutdown hook closes everything in
 * reverse order.
 */
@Command(name = "serve", description = "Run the UPSes in the foreground, for NUT clients and for commands.",
    mixinStandardHelpOptions = true)
final class ServeCommand extends FileCommand
{
    @Option(names = "--listen", paramLabel = "HOST:PORT",
        description = "where NUT clients find them, instead of where the file says; any number of times")
    private List<String> listen = new ArrayList<>();

    @Option(names = "--speed", paramLabel = "N", description = "how many seconds of theirs pass in one of ours")
    private Double speed;

    @Option(names = "--scenario", paramLabel = "FILE", description = "what happens to them from the start")
    private Path scenario;

    @Override
    public Integer call() throws Exception
    {
        if (speed != null && !(speed >= 0.001 && speed <= 60_000))
        {
            throw new ServeException(ExitCode.USAGE, "--speed " + speed + ", expected a number from 0.001 to 60000");
        }
        final List<HostPort> addresses = new ArrayList<>();
        for (final String address : listen)
        {
            addresses.add(parsed(address));
        }
        final UpsSetup setup = UpsFile.read(file()).with(addresses.isEmpty() ? null : addresses,
            scenario == null ? null : scenario.toAbsolutePath(), speed == null ? 0 : speed);
        try (UpsServer server = UpsServer.start(setup, Launch.control(file()), Launch.clock(), this::warn))
        {
            final Thread hook = new Thread(server::close, "shutdown");
            Runtime.getRuntime().addShutdownHook(hook);
            setup.upses().forEach((ups) -> server.addresses().forEach((address) ->
                print(ups.name() + " is served: upsc " + ups.name() + '@' + address)));
            server.ended().join();
            Runtime.getRuntime().removeShutdownHook(hook);
        }
        return ExitCode.DONE.number();
    }

    private static HostPort parsed(final String address) throws ServeException
    {
        try
        {
            return HostPort.parse(address);
        }
        catch (final IllegalArgumentException unreadable)
        {
            throw new ServeException(ExitCode.USAGE, "--listen " + address + ", expected " + unreadable.getMessage());
        }
    }
}
