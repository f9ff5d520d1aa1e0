package io.farblock.replication.sim;

import io.farblock.replication.paths.ConnectionHandler;
import io.farblock.replication.paths.Network;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.Supplier;
import java.util.zip.CRC32C;

/**
 * TCP in simulated time: latency, bandwidth and a queue for each path, order within a connection and none across them.
 * A black hole holds what is on its way and lets it go when it is healed, as retransmission would; a reset loses it.
 */
final class SimNetwork
{
    private static final long CONNECT_TIMEOUT_NS = 3_000_000_000L;
    private static final long INTRODUCTION_NS = 5_000_000_000L;

    /** How a process's connections look to the other side after its death. */
    enum Death
    {
        /** The kernel sends what it has, then closes. */
        FIN,
        /** The kernel says so at once; what was on its way is lost. */
        RST,
        /** The machine is gone: silence. */
        SILENCE
    }

    private final SimClock clock;
    private final Random random;
    private final Map<InetSocketAddress, SimPath> paths = new LinkedHashMap<>();
    private final Map<InetSocketAddress, Listener> listeners = new LinkedHashMap<>();
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final ArrayDeque<Runnable> released = new ArrayDeque<>();
    private final Map<String, SimHost> lives = new LinkedHashMap<>();
    private final CRC32C trace = new CRC32C();
    private long serial;
    private long deliveries;

    SimNetwork(final SimClock clock, final Random random)
    {
        this.clock = clock;
        this.random = random;
    }

    /** A new life of a process. */
    SimHost host(final String name)
    {
        final SimHost host = new SimHost(name, this);
        lives.put(name, host);
        return host;
    }

    /** Whether the machine runs its process, in whichever life. */
    boolean isUp(final String name)
    {
        return lives.get(name).isAlive();
    }

    void add(final SimPath path)
    {
        paths.put(path.address, path);
    }

    /** Frames delivered so far. */
    long deliveries()
    {
        return deliveries;
    }

    /** Stands for every byte that was sent and when; equal for equal runs. */
    long trace()
    {
        return trace.getValue();
    }

    /** Runs what is due; returns how much that was. */
    int deliver()
    {
        int count = 0;
        while (!released.isEmpty())
        {
            released.poll().run();
            count++;
        }
        while (!events.isEmpty() && events.peek().timeNs - clock.nanoTime() <= 0)
        {
            events.poll().action.run();
            count++;
        }
        return count;
    }

    /** Time until the next event, or {@code otherwise} when that is sooner. */
    long nextInNs(final long otherwise)
    {
        return events.isEmpty() ? otherwise :
            Math.max(0, Math.min(otherwise, events.peek().timeNs - clock.nanoTime()));
    }

    void soon(final Runnable action)
    {
        schedule(clock.nanoTime(), action);
    }

    /** Something that travels on a path: a black hole swallows it until healed. */
    void at(final SimPath path, final long delayNs, final Runnable action)
    {
        atTime(path, clock.nanoTime() + delayNs, action);
    }

    int split(final int lengthBytes)
    {
        return random.nextInt(4) > 0 ? lengthBytes : 1 + random.nextInt(lengthBytes);
    }

    void connect(final SimHost host, final InetSocketAddress address, final ConnectionHandler handler)
    {
        final SimPath path = paths.get(address);
        schedule(clock.nanoTime() + path.latencyNs, () ->
        {
            final Listener listener = listeners.get(address);
            if (path.blackHole)
            {
                schedule(clock.nanoTime() + CONNECT_TIMEOUT_NS, () -> failed(host, handler, "timed out"));
            }
            else if (path.refuses || listener == null || !listener.host.isAlive() || accepted(listener.host) ==
                Network.CONNECTION_LIMIT)
            {
                failed(host, handler, "connection refused");
            }
            else if (host.isAlive())
            {
                establish(host, listener, path, handler);
            }
        });
    }

    void listen(final SimHost host, final InetSocketAddress address, final Supplier<ConnectionHandler> handlers)
    {
        listeners.put(address, new Listener(host, handlers));
    }

    void transmit(final SimConnection from, final byte[] bytes)
    {
        final SimPath path = from.path;
        if (bytes.length > path.swallowBytes)
        {
            return;
        }
        if (path.flips > 0)
        {
            path.flips--;
            bytes[random.nextInt(bytes.length)] ^= (byte)(1 << random.nextInt(8));
        }
        deliveries++;
        trace.update(bytes);
        trace.update((int)clock.nanoTime());
        from.busyUntilNs = later(clock.nanoTime(), from.busyUntilNs) + bytes.length * 1_000_000_000L /
            path.bytesPerSecond;
        final long arrivalNs = from.busyUntilNs + path.latencyNs + random.nextInt((int)path.jitterNs);
        from.lastArrivalNs = later(from.lastArrivalNs, arrivalNs);
        atTime(path, from.lastArrivalNs, () -> from.peer.arrive(bytes));
    }

    /** Closes the other end after everything that is on its way. */
    void finish(final SimConnection from)
    {
        atTime(from.path, later(clock.nanoTime() + from.path.latencyNs, from.lastArrivalNs),
            () -> from.peer.lost("closed by the other side"));
    }

    /** Ends every connection of a path at both ends. */
    void reset(final SimPath path)
    {
        for (final SimConnection end : List.copyOf(path.ends))
        {
            end.lost("connection reset by peer");
        }
    }

    /** Closes every connection of a path as a proxy between them would: what is on its way arrives first. */
    void close(final SimPath path)
    {
        for (final SimConnection end : List.copyOf(path.ends))
        {
            finish(end);
        }
    }

    void heal(final SimPath path)
    {
        path.refuses = false;
        path.blackHole = false;
        path.flips = 0;
        // Before anything that is due: else it would overtake what was sent earlier.
        released.addAll(path.held);
        path.held.clear();
    }

    void kill(final SimHost host, final Death death)
    {
        host.die();
        for (final SimPath path : paths.values())
        {
            for (final SimConnection end : List.copyOf(path.ends))
            {
                if (end.host == host)
                {
                    end.vanish();
                    if (death == Death.FIN)
                    {
                        finish(end);
                    }
                    else if (death == Death.RST)
                    {
                        at(path, path.latencyNs, () -> end.peer.lost("connection reset by peer"));
                    }
                }
            }
        }
    }

    private void establish(
        final SimHost host, final Listener listener, final SimPath path, final ConnectionHandler handler)
    {
        final SimConnection client = new SimConnection(this, host, path, handler);
        final SimConnection server = new SimConnection(this, listener.host, path, listener.handlers.get());
        client.peer = server;
        server.peer = client;
        path.ends.add(client);
        path.ends.add(server);
        server.lastArrivalNs = clock.nanoTime();
        client.lastArrivalNs = clock.nanoTime();
        client.busyUntilNs = clock.nanoTime();
        server.busyUntilNs = clock.nanoTime();
        server.opened();
        schedule(clock.nanoTime() + INTRODUCTION_NS, () ->
        {
            if (!server.introduced)
            {
                server.close("no introduction within 5 s");
            }
        });
        at(path, path.latencyNs, client::opened);
        server.lastArrivalNs = clock.nanoTime() + path.latencyNs;
    }

    private int accepted(final SimHost host)
    {
        return (int)paths.values().stream().flatMap(path -> path.ends.stream()).filter(end -> end.host == host)
            .count();
    }

    private static void failed(final SimHost host, final ConnectionHandler handler, final String why)
    {
        if (host.isAlive())
        {
            handler.onClosed("cannot connect: " + why);
        }
    }

    private void atTime(final SimPath path, final long timeNs, final Runnable action)
    {
        schedule(timeNs, () ->
        {
            if (path.blackHole)
            {
                path.held.add(action);
            }
            else
            {
                action.run();
            }
        });
    }

    private void schedule(final long timeNs, final Runnable action)
    {
        events.add(new Event(timeNs, serial++, action));
    }

    private static long later(final long a, final long b)
    {
        return a - b > 0 ? a : b;
    }

    private record Listener(SimHost host, Supplier<ConnectionHandler> handlers)
    {
    }

    private record Event(long timeNs, long serial, Runnable action) implements Comparable<Event>
    {
        @Override
        public int compareTo(final Event other)
        {
            final long difference = timeNs - other.timeNs;
            return difference == 0 ? Long.compare(serial, other.serial) : Long.signum(difference);
        }
    }
}
