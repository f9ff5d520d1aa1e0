package io.farblock.replication.sim;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** One route: what it is like, what is wrong with it now, and what it holds back while it is a black hole. */
final class SimPath
{
    final String name;
    final InetSocketAddress address;
    final long latencyNs;
    final long jitterNs;
    final long bytesPerSecond;
    final int queueBytes;

    /** Live ends of connections, client ends first. */
    final List<SimConnection> ends = new ArrayList<>();
    final List<Runnable> held = new ArrayList<>();
    boolean refuses;
    boolean blackHole;
    /** How many of the next frames have a bit turned over. */
    int flips;
    /** Larger frames vanish while the connection stands, which TCP never does: for the proof that checkers see it. */
    int swallowBytes = Integer.MAX_VALUE;

    SimPath(final String name, final InetSocketAddress address, final Random random)
    {
        this.name = name;
        this.address = address;
        latencyNs = 10_000L << random.nextInt(12);
        jitterNs = 1 + random.nextInt((int)latencyNs);
        bytesPerSecond = 1_000_000L << random.nextInt(8);
        queueBytes = 8_192 << random.nextInt(8);
    }
}
