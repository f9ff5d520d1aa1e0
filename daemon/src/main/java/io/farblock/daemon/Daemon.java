package io.farblock.daemon;

import io.farblock.daemon.config.ConfigChange;
import io.farblock.daemon.config.ConfigException;
import io.farblock.daemon.config.DaemonConfig;
import io.farblock.daemon.control.ControlServer;
import io.farblock.daemon.control.ControlSocket;
import io.farblock.daemon.control.DaemonStatus;
import io.farblock.daemon.control.RunningSite;
import io.farblock.daemon.engine.Engine;
import io.farblock.daemon.engine.EngineSlot;
import io.farblock.daemon.power.PoweredGroup;
import io.farblock.daemon.power.UpsConfig;
import io.farblock.daemon.power.UpsFeed;
import io.farblock.daemon.schedule.IntervalAgent;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.agrona.concurrent.NanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running site: control socket, engine, schedule, and what it does about the power.
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
    private final DaemonContext context;
    private final NanoClock clock;
    private final long bornNs;
    private ControlSocket socket;
    private final EngineSlot engine;
    private PoweredSite power;
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
        this(config, () -> config, DaemonContext.of(engineLauncher, Daemon::noUpses, clock));
    }

    /** @param file for {@link #reload()}. */
    public Daemon(final DaemonConfig config, final ConfigSource file, final DaemonContext context)
    {
        this.file = file;
        this.config = config;
        this.context = context;
        this.clock = context.clock();
        this.engine = new EngineSlot(context.engine(), context.resting());
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
            engine.launch(config);
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
            clock.nanoTime() - bornNs, config.security().insecureListen(), engine.sources(), engine.target(),
            power == null ? null : power.status());
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
        // each whatever became of the one before: an engine that stays open holds its state, and what it has frozen
        if (power != null)
        {
            end("last-epochs", power::lastEpochs);
            end("power", power::close);
        }
        if (server != null)
        {
            end("control", server::close);
        }
        end("engine", engine::close);
        if (socket != null)
        {
            end("socket", socket::close);
        }
        LOG.info("stopped site={}", config.site());
    }

    private static void end(final String part, final Runnable close)
    {
        try
        {
            close.run();
        }
        catch (final RuntimeException failed)
        {
            LOG.error("stop-error part={}", part, failed);
        }
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
        final List<DaemonConfig.Group> groups = config.groups().stream()
            .sorted(Comparator.comparingInt(group -> group.power().priority())).toList();
        for (final DaemonConfig.Group group : groups)
        {
            if (group.interval() == null)
            {
                agent.addOnDemand(group.name());
            }
            else
            {
                agent.add(group.name(), group.interval());
            }
        }
        power = config.power() == null ? null : new PoweredSite(() -> config, groups.stream()
            .map(group -> new PoweredGroup(group.name(), group.peer(), group.power())).toList(), context, engine,
            agent);
        final Runnable step = power == null ? agent::doWork : () ->
        {
            power.doWork();
            agent.doWork();
        };
        schedule = Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "schedule"));
        schedule.scheduleWithFixedDelay(step, 0, SCHEDULE_STEP_MS, TimeUnit.MILLISECONDS);
    }

    private static UpsFeed noUpses(final List<UpsConfig> upses)
    {
        throw new IllegalStateException("nobody here can ask " + upses.size() + " UPSes");
    }
}
