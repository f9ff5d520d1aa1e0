package io.farblock.replication.paths;

import java.util.List;

/**
 * Chooses the path that is expected to deliver a frame first: half a round trip after everything in flight on it has
 * been delivered at the measured rate. A path whose queue is full is not asked. Stateless.
 */
public final class Scheduler
{
    /** What an unmeasured path is believed to carry: optimistic, so that it is tried and thereby measured. */
    static final long UNMEASURED_BYTES_PER_SECOND = 100_000_000;

    private final List<Path> paths;

    public Scheduler(final List<Path> paths)
    {
        this.paths = paths;
    }

    /** The best path for a frame now, or null when none can take it. */
    public Path choose(final int frameBytes)
    {
        Path best = null;
        long bestNs = Long.MAX_VALUE;
        for (int i = 0; i < paths.size(); i++)
        {
            final Path path = paths.get(i);
            if (path.state() == PathState.UP && path.link().connection().isWritable())
            {
                final long expectedNs = expectedDeliveryNs(path, frameBytes);
                if (expectedNs < bestNs)
                {
                    best = path;
                    bestNs = expectedNs;
                }
            }
        }
        return best;
    }

    private static long expectedDeliveryNs(final Path path, final int frameBytes)
    {
        final long measured = path.deliveryBytesPerSecond();
        final long rate = measured == 0 ? UNMEASURED_BYTES_PER_SECOND : measured;
        return path.rttNs() / 2 + (long)((path.inFlightBytes() + frameBytes) * 1e9 / rate);
    }
}
