package io.farblock.daemon.power.nut;

import io.farblock.daemon.power.UpsConfig;
import io.farblock.daemon.power.UpsFeed;
import io.farblock.daemon.power.UpsState;
import io.farblock.daemon.power.UpsStatus;
import java.net.InetAddress;
import java.util.List;
import org.agrona.concurrent.NanoClock;

/**
 * Watches all configured UPSes, each on a connection of its own, on one thread. Construct, {@link #launch()},
 * {@link #close()} (idempotent, any thread). What is known can be asked at any time, also before and after: it is
 * unknown then.
 */
public final class NutMonitor implements UpsFeed
{
    private static final long STEP_MS = 50;

    private final List<UpsConfig> configs;
    private final NanoClock clock;
    private final NutDial.Resolver resolver;
    private volatile List<NutWatch> watches = List.of();
    private volatile List<UpsStatus> resting;
    private NettyNutNetwork network;
    private boolean closed;

    public NutMonitor(final List<UpsConfig> upses, final NanoClock clock)
    {
        this(upses, clock, InetAddress::getAllByName);
    }

    NutMonitor(final List<UpsConfig> upses, final NanoClock clock, final NutDial.Resolver resolver)
    {
        upses.forEach(NutMonitor::check);
        this.configs = List.copyOf(upses);
        this.clock = clock;
        this.resolver = resolver;
        final long nowNs = clock.nanoTime();
        this.resting = configs.stream().map(ups -> new LastWord(ups, nowNs).at(nowNs)).toList();
    }

    /** Starts the thread, if there is anything to watch. */
    public synchronized NutMonitor launch()
    {
        if (closed || network != null)
        {
            throw new IllegalStateException("launched before, or closed");
        }
        if (configs.isEmpty())
        {
            return this;
        }
        network = new NettyNutNetwork("nut", resolver);
        watches = configs.stream().map(ups -> new NutWatch(ups, network, clock)).toList();
        resting = null;
        network.every(STEP_MS, this::step);
        return this;
    }

    @Override
    public List<UpsStatus> upses()
    {
        final List<UpsStatus> rest = resting;
        return rest == null ? watches.stream().map(NutWatch::status).toList() : rest;
    }

    @Override
    public synchronized void close()
    {
        if (closed)
        {
            return;
        }
        closed = true;
        final long nowNs = clock.nanoTime();
        resting = upses().stream().map(status -> LastWord.unknown(
            status, status.state() == UpsState.UNKNOWN ? status.sinceNs() : nowNs, "it is not watched any more"))
            .toList();
        if (network != null)
        {
            network.once(() -> watches.forEach(NutWatch::close));
            network.close();
        }
    }

    private void step()
    {
        for (final NutWatch watch : watches)
        {
            try
            {
                watch.step();
            }
            // A step that throws would be the last: one UPS must not take the others out of sight.
            catch (final RuntimeException unexpected)
            {
                watch.broken(unexpected);
            }
        }
    }

    /** A line's end in a name would be a command of its own to the server. */
    private static void check(final UpsConfig ups)
    {
        if (ups.ups().isEmpty() || ups.ups().chars().anyMatch(Character::isISOControl))
        {
            throw new IllegalArgumentException("ups " + ups.name() + ": found \"" +
                ups.ups().replaceAll("\\p{Cc}", "?") +
                "\" as the server's name for it, expected printable characters; " +
                "upsc -l HOST lists the names that it has");
        }
    }
}
