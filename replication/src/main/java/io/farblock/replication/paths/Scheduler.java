package io.farblock.replication.paths;

import java.util.List;

/**
 * Chooses the path that is expected to deliver a frame first: half a round trip after everything in flight on it has
 * been delivered at the measured rate. Only paths of the best rank are asked: those that are up before those that are
 * suspect, unmetered before metered, and with {@link PathMode#STANDBY} cheap before dear. One whose window or queue is
 * full, or whose rate limit is used up, is waited for and not replaced by one of a lower rank. Nor does a path get a
 * frame that would arrive there only after the others have filled the window behind it: a slow line would make the fast
 * ones wait (the idea of BLEST, Ferlin et al., 2016).
 *
 * <p>Owned by the send agent.
 */
public final class Scheduler
{
    /** What an unmeasured path is believed to carry: optimistic, so that it is tried and thereby measured. */
    static final long UNMEASURED_BYTES_PER_SECOND = 100_000_000;
    private static final int NO_RANK = Integer.MAX_VALUE;
    private static final int SUSPECT_RANK = 1 << 24;
    private static final int METERED_RANK = 1 << 20;

    private final List<Path> paths;
    private final PathMode mode;
    private final long windowBytes;

    /** @param windowBytes what may be on its way and out of order, on all paths together. */
    public Scheduler(final List<Path> paths, final PathMode mode, final long windowBytes)
    {
        this.paths = paths;
        this.mode = mode;
        this.windowBytes = windowBytes;
    }

    /** The best path for a frame now, or null when none can take it. */
    public Path choose(final int frameBytes, final long nowNs)
    {
        final int rank = bestRank();
        Path best = null;
        long bestNs = Long.MAX_VALUE;
        long leastNs = Long.MAX_VALUE;
        long rates = 0;
        for (int i = 0; i < paths.size() && rank != NO_RANK; i++)
        {
            final Path path = paths.get(i);
            if (rank(path) != rank)
            {
                continue;
            }
            final long expectedNs = expectedDeliveryNs(path, frameBytes);
            rates += rate(path);
            leastNs = Math.min(leastNs, expectedNs);
            if (path.hasRoom(nowNs) && expectedNs < bestNs)
            {
                best = path;
                bestNs = expectedNs;
            }
        }
        final boolean worthWaiting = best != null && bestNs > leastNs && bestNs > windowBytes / 2 * 1e9 / rates;
        return worthWaiting ? null : best;
    }

    /** Whether a copy of something urgent should go out here too: it costs little and may be the first to arrive. */
    public boolean takesCopies(final Path path, final long nowNs)
    {
        return path.state() == PathState.UP && !path.config().metered() && path.hasRoom(nowNs);
    }

    public boolean isAnyUp()
    {
        return bestRank() < SUSPECT_RANK;
    }

    public boolean isAnyConnected()
    {
        return bestRank() != NO_RANK;
    }

    /**
     * Where an answer comes back first: the path with the shortest round trip, among those of the best rank.
     *
     * @param present the one that was chosen before; kept unless another is clearly faster, or null.
     * @return null when none is connected.
     */
    public Path fastest(final Path present)
    {
        final int rank = bestRank();
        Path best = present != null && rank(present) == rank && rank != NO_RANK ? present : null;
        for (int i = 0; i < paths.size(); i++)
        {
            final Path path = paths.get(i);
            if (rank != NO_RANK && rank(path) == rank && (best == null || path.rttNs() < best.rttNs() * 3 / 4))
            {
                best = path;
            }
        }
        return best;
    }

    private int bestRank()
    {
        int best = NO_RANK;
        for (int i = 0; i < paths.size(); i++)
        {
            best = Math.min(best, rank(paths.get(i)));
        }
        return best;
    }

    private int rank(final Path path)
    {
        if (!path.isConnected())
        {
            return NO_RANK;
        }
        return (path.state() == PathState.SUSPECT ? SUSPECT_RANK : 0) + (path.config().metered() ? METERED_RANK : 0) +
            (mode == PathMode.STANDBY ? path.config().cost() : 0);
    }

    private static long expectedDeliveryNs(final Path path, final int frameBytes)
    {
        return path.floorNs() / 2 + (long)((path.inFlightBytes() + frameBytes) * 1e9 / rate(path));
    }

    private static long rate(final Path path)
    {
        final long measured = path.deliveryBytesPerSecond();
        return measured == 0 ? UNMEASURED_BYTES_PER_SECOND : measured;
    }
}
