package io.farblock.replication.sim;

import io.farblock.replication.paths.ConnectionHandler;
import io.farblock.replication.paths.Network;
import io.farblock.replication.paths.PathConfig;
import io.farblock.replication.paths.Refusals;
import java.net.InetSocketAddress;
import java.util.function.Supplier;

/**
 * One life of a process, as network and disks see it: what it listens on and connects to dies with it. A fuse kills it
 * after so many device operations and sends, so that death comes in the middle of a step too.
 */
final class SimHost implements Network
{
    final String name;
    private final SimNetwork network;
    private boolean alive = true;
    private int fuse;

    SimHost(final String name, final SimNetwork network)
    {
        this.name = name;
        this.network = network;
    }

    boolean isAlive()
    {
        return alive;
    }

    void die()
    {
        alive = false;
    }

    /** Dies at the {@code operations}-th operation from now. */
    void light(final int operations)
    {
        fuse = operations;
    }

    /** Called before every operation; true at the one that is not survived. */
    boolean burn()
    {
        return fuse > 0 && --fuse == 0;
    }

    void burnOrDie()
    {
        if (burn())
        {
            throw new ProcessKilled(name);
        }
    }

    @Override
    public void connect(final PathConfig path, final ConnectionHandler handler)
    {
        burnOrDie();
        network.connect(this, path.remote(), handler);
    }

    @Override
    public void listen(
        final InetSocketAddress address, final Supplier<ConnectionHandler> handlers, final Refusals refusals)
    {
        network.listen(this, address, handlers);
    }

    @Override
    public void close()
    {
        throw new IllegalStateException("a simulated process is killed, never closed");
    }
}
