package io.farblock.powersim.serve;

import io.farblock.powersim.command.ControlLock;
import io.farblock.powersim.command.ControlServer;
import io.farblock.powersim.command.ControlSocket;
import io.farblock.powersim.command.ExitCode;
import io.farblock.powersim.command.ServeException;
import io.farblock.powersim.config.HostPort;
import io.farblock.powersim.config.UpsSetup;
import io.farblock.powersim.nut.NutLimits;
import io.farblock.powersim.nut.NutServer;
import io.farblock.powersim.nut.PemIdentity;
import io.farblock.powersim.plan.PlanException;
import io.farblock.powersim.scenario.Scenario;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.agrona.concurrent.NanoClock;

/**
 * Everything that serving UPSes takes, started in order and closed in reverse. Who starts it waits for {@link #ended}
 * and closes it. A start that fails leaves nothing behind.
 */
public final class UpsServer implements AutoCloseable
{
    /** What to say to the second who wants a file. */
    public static final String TAKEN = "another power-sim serves this file; stop it with power-sim ups stop, or use it";

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final List<NutServer> servers = new ArrayList<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    private UpsServer()
    {
    }

    /**
     * @param control where commands will find it.
     * @param trouble is told, in a line for people, what nobody else can be told; on any thread.
     */
    public static UpsServer start(final UpsSetup setup, final Path control, final NanoClock clock,
        final Consumer<String> trouble) throws ServeException, PlanException
    {
        final UpsServer server = new UpsServer();
        try
        {
            server.open(setup, control, clock, trouble);
            return server;
        }
        catch (final ServeException | PlanException | RuntimeException failed)
        {
            server.close();
            throw failed;
        }
    }

    private void open(final UpsSetup setup, final Path control, final NanoClock clock,
        final Consumer<String> trouble) throws ServeException, PlanException
    {
        opened.push(ControlLock.take(control, TAKEN));
        final Scenario scenario =
            setup.scenario() == null ? null : Scenario.read(setup.scenario(), setup.upses());
        final SSLContext tls = tls(setup);
        final UpsRack rack = new UpsRack(setup.upses(), clock, setup.speed());
        for (final HostPort address : setup.listen())
        {
            final NutServer server = new NutServer(new InetSocketAddress(address.host(), address.port()), rack,
                setup.users(), tls, NutLimits.typical(), clock);
            listen(server, address);
            opened.push(server);
            servers.add(server);
        }
        final ControlServer commands = new ControlServer("ups-control", ControlSocket.listen(control),
            new UpsRequests(rack, this::addresses, () -> ended.complete(null)), clock);
        opened.push(commands);
        commands.launch();
        final UpsClock ticking = new UpsClock(rack, servers, trouble);
        opened.push(ticking);
        ticking.launch();
        if (scenario != null)
        {
            rack.run(scenario);
        }
    }

    private static SSLContext tls(final UpsSetup setup) throws ServeException
    {
        try
        {
            return setup.certificate() == null ? null : PemIdentity.read(setup.certificate());
        }
        catch (final IOException unusable)
        {
            throw new ServeException(ExitCode.FAILED, setup.certificate() + ": " + unusable.getMessage());
        }
    }

    private static void listen(final NutServer server, final HostPort address) throws ServeException
    {
        try
        {
            server.listen();
        }
        catch (final IOException | RuntimeException taken)
        {
            throw new ServeException(ExitCode.FAILED, address + " cannot be listened at: " + taken.getMessage() +
                "; expected an address of this machine whose port nobody has (upsd has 3493); choose another with " +
                "--listen");
        }
    }

    /** HOST:PORT, as upsc takes it behind the name and an at sign. */
    public List<String> addresses()
    {
        return servers.stream().map((server) -> new HostPort(
            server.address().getAddress().getHostAddress(), server.address().getPort()).toString()).toList();
    }

    /** Completed when a command said that it is to be closed. */
    public CompletableFuture<Void> ended()
    {
        return ended;
    }

    /** Ends time, then commands, then clients. Again does nothing. */
    @Override
    public synchronized void close()
    {
        while (!opened.isEmpty())
        {
            try
            {
                opened.pop().close();
            }
            catch (final Exception failed)
            {
                throw new IllegalStateException("a part of the server does not close: " + failed, failed);
            }
        }
    }
}
