package io.farblock.raidsim.serve;

import io.farblock.blockdev.DeviceException;
import io.farblock.blockdev.nbd.NbdAddress;
import io.farblock.blockdev.nbd.NbdEvents;
import io.farblock.blockdev.nbd.NbdExport;
import io.farblock.blockdev.nbd.NbdServer;
import io.farblock.blockdev.nbd.NbdServerConfig;
import io.farblock.powersim.command.ControlLock;
import io.farblock.powersim.command.ControlServer;
import io.farblock.powersim.command.ControlSocket;
import io.farblock.powersim.command.ServeException;
import io.farblock.powersim.plan.PlanException;
import io.farblock.raidsim.array.RaidException;
import io.farblock.raidsim.config.ArrayConfig;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Serves one array: takes the lock, opens the disks, exports the array, listens for commands. Started and closed by one
 * thread; a start that fails half way closes what it opened, in reverse order, as closing does.
 */
public final class ArrayServer implements AutoCloseable
{
    /** What to say to the second who wants an array. */
    public static final String TAKEN =
        "another raid-sim has this array; stop it with raid-sim stop, or use it";

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final List<String> exports = new ArrayList<>();
    private final CompletableFuture<Throwable> ended = new CompletableFuture<>();

    private ArrayServer()
    {
    }

    /**
     * @param control where commands will find it; see {@link ControlPath}.
     * @param listen  at least one address.
     * @param trouble is told, in a line for people, what nobody else can be told; on any thread.
     * @param force   also when the array is degraded and was not stopped cleanly.
     */
    public static ArrayServer start(final ArrayConfig config, final Path control, final List<NbdAddress> listen,
        final Clocks clocks, final Consumer<String> trouble, final boolean force)
        throws ServeException, DeviceException, RaidException, PlanException
    {
        final ArrayServer server = new ArrayServer();
        try
        {
            server.open(config, control, listen, clocks, trouble, force);
            return server;
        }
        catch (final ServeException | DeviceException | RaidException | PlanException | RuntimeException failed)
        {
            server.close();
            throw failed;
        }
    }

    private void open(final ArrayConfig config, final Path control, final List<NbdAddress> listen,
        final Clocks clocks, final Consumer<String> trouble, final boolean force)
        throws ServeException, DeviceException, RaidException, PlanException
    {
        opened.push(ControlLock.take(control, TAKEN));
        final ServedArray served = ServedArray.start(config, clocks, trouble, force);
        opened.push(served);
        served.failed().thenAccept(ended::complete);
        final NbdExport export =
            new NbdExport(config.name(), served.device(), false, ArrayTitle.of(served.array().description()));
        for (final NbdAddress address : listen)
        {
            final NbdServer nbd =
                NbdServer.start(NbdServerConfig.builder(address).exports(export).conclude(), telling(trouble));
            opened.push(nbd);
            exports.add(nbd.address().uri(config.name()));
        }
        final ControlServer commands = new ControlServer("raid-control", ControlSocket.listen(control),
            new ArrayRequests(served, exports, () -> ended.complete(null)), clocks.nanos());
        opened.push(commands);
        commands.launch();
    }

    private static NbdEvents telling(final Consumer<String> trouble)
    {
        return new NbdEvents()
        {
            @Override
            public void failed(final String device, final Throwable cause)
            {
                trouble.accept(device + " answered a request with " + cause + "; the client was told EIO");
            }
        };
    }

    /** Where clients find the array, as other programs take it. */
    public List<String> exports()
    {
        return List.copyOf(exports);
    }

    /** Completed when it is to be closed: with null when a command said so, else with what broke it. */
    public CompletableFuture<Throwable> ended()
    {
        return ended;
    }

    /** Ends commands, then clients, then the array: what clients were told is durable is so. Again does nothing. */
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
