package io.farblock.daemon;

import io.farblock.daemon.config.ConfigChange;
import io.farblock.daemon.config.ConfigException;
import io.farblock.daemon.config.DaemonConfig;
import io.farblock.daemon.control.ControlServer;
import io.farblock.daemon.control.ControlSocket;
import io.farblock.daemon.control.DaemonStatus;
import io.farblock.daemon.control.RunningSite;
import io.farblock.daemon.engine.Engine;
import io.farblock.daemon.schedule.IntervalAgent;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.agrona.concurrent.NanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running site: control socket, engine, schedule.
 *
 * <p>Construct, {@link #launch()}, {@link #close()} (idempotent, any thread). The socket is claimed first, because it
 * is the cheapest way to find out that another copy runs; it answers only when the engine is up. A launch that fails
 * half way closes what it opened.
 */
public final class Daemon implements RunningSite, AutoCloseable
{
    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);
    private static final long SCHEDULE_STEP_MS = 100;

    private final ConfigSource file;
    private volatile DaemonConfig config;
    private final Function<DaemonConfig, Engine> engineLauncher;
    private final NanoClock clock;
    private final long bornNs;
    private ControlSocket socket;
    private Engine engine;
    private ControlServer server;
    private ScheduledExecutorService schedule;
    private boolean closed;

    /** Where the configuration can be read again. */
    public interface ConfigSource
    {
        DaemonConfig read() throws ConfigException;
    }

    /** One whose configuration does not come from a file: a reload looks at what it names. */
    public Daemon(
        final DaemonConfig config, final Function<DaemonConfig, Engine> engineLauncher, final NanoClock clock)
    {
        this(config, () -> config, engineLauncher, clock);
    }

    /**
     * @param file           for {@link #reload()}.
     * @param engineLauncher makes and launches the engine.
     */
    public Daemon(
        final DaemonConfig config, final ConfigSource file, final Function<DaemonConfig, Engine> engineLauncher,
        final NanoClock clock)
    {
        this.file = file;
        this.config = config;
        this.engineLauncher = engineLauncher;
        this.clock = clock;
        this.bornNs = clock.nanoTime();
    }

    /**
     * Starts everything.
     *
     * @throws IllegalStateException when it cannot, with a reason for the operator.
     */
    public synchronized Daemon launch()
    {
        LOG.info("starting site={} version={} pid={}", config.site(), Version.text(), ProcessHandle.current().pid());
        try
        {
            socket = ControlSocket.claim(config.control());
            engine = engineLauncher.apply(config);
            server = new ControlServer(socket, engine, this, clock);
            server.launch();
            launchSchedule();
        }
        catch (final RuntimeException failed)
        {
            close();
            throw failed;
        }
        shoutInsecure();
        LOG.info("started site={} control={}", config.site(), config.control());
        return this;
    }

    @Override
    public DaemonStatus status()
    {
        return new DaemonStatus(config.site(), Version.text(), ProcessHandle.current().pid(),
            clock.nanoTime() - bornNs, config.security().insecureListen(), engine.sources(), engine.target());
    }

    @Override
    public String reload()
    {
        final ConfigChange change;
        try
        {
            change = ConfigChange.between(config, file.read());
        }
        catch (final ConfigException wrong)
        {
            LOG.warn("reload refused mistakes={}", wrong.lines().size());
            throw new IllegalStateException("the configuration stays as it was:\n" + wrong.getMessage(), wrong);
        }
        engine.reload(change.next());
        config = change.next();
        LOG.info("reloaded {}", change.text());
        return change.text();
    }

    /** Completes, with the cause, when the engine has met what never should happen and has stopped by itself. */
    public CompletableFuture<Throwable> failed()
    {
        return engine.failed();
    }

    @Override
    public synchronized void close()
    {
        if (closed)
        {
            return;
        }
        closed = true;
        LOG.info("stopping site={}", config.site());
        if (schedule != null)
        {
            schedule.shutdownNow();
        }
        if (server != null)
        {
            server.close();
        }
        if (engine != null)
        {
            engine.close();
        }
        if (socket != null)
        {
            socket.close();
        }
        LOG.info("stopped site={}", config.site());
    }

    private void shoutInsecure()
    {
        config.peers().stream().filter(DaemonConfig.Peer::insecure).forEach(peer ->
            peer.paths().forEach(path -> LOG.warn("INSECURE peer={} path={} remote={} everything is sent in clear",
                peer.name(), path.name(), text(path.remote()))));
        if (config.security().insecureListen())
        {
            config.listen().forEach(address -> LOG.warn(
                "INSECURE listen={} everything is received in clear, from whoever connects", text(address)));
        }
    }

    private static String text(final InetSocketAddress address)
    {
        return address.getHostString() + ":" + address.getPort();
    }

    private void launchSchedule()
    {
        final IntervalAgent agent = new IntervalAgent(engine, clock);
        config.groups().stream().filter(group -> group.interval() != null)
            .forEach(group -> agent.add(group.name(), group.interval()));
        schedule = Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "schedule"));
        schedule.scheduleWithFixedDelay(agent::doWork, 0, SCHEDULE_STEP_MS, TimeUnit.MILLISECONDS);
    }
}
