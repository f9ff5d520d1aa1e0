package io.farblock.raidsim.disk;

import static io.farblock.raidsim.disk.ModelNumbers.require;

/**
 * A disk that turns. An immutable value; how the numbers become times is in the timing and in the design note.
 *
 * @param rpm                  revolutions a minute.
 * @param trackSeekNs          to the next track, settling included.
 * @param averageSeekNs        over a third of the stroke, which is the mean distance of two random places.
 * @param fullSeekNs           over the whole stroke.
 * @param outerBytesPerSecond  off the medium at the first sector.
 * @param innerBytesPerSecond  off the medium at the last one.
 * @param linkBytesPerSecond   over the cable.
 * @param overheadNs           of the electronics for each request.
 * @param queueDepth           how many requests the disk can put into an order of its own; 1 for none.
 * @param readAheadBytes       how far it reads on when it is idle after a read.
 * @param writeCacheBytes      how much it acknowledges before it is on the medium; 0 for none.
 * @param destageGainPercent   what positioning costs a cached write, of what it would cost alone, because the disk
 *                             writes them in the order of their places.
 * @param errorRecoveryNs      see {@link DiskModel#errorRecoveryNs()}.
 */
public record HddModel(long rpm, long trackSeekNs, long averageSeekNs, long fullSeekNs, long outerBytesPerSecond,
    long innerBytesPerSecond, long linkBytesPerSecond, long overheadNs, long queueDepth, long readAheadBytes,
    long writeCacheBytes, long destageGainPercent, long errorRecoveryNs) implements DiskModel
{
    private static final long SECOND_NS = 1_000_000_000L;

    public HddModel
    {
        require("rpm", rpm, 60, 100_000);
        require("trackSeekNs", trackSeekNs, 0, SECOND_NS);
        require("averageSeekNs", averageSeekNs, trackSeekNs, SECOND_NS);
        require("fullSeekNs", fullSeekNs, averageSeekNs, SECOND_NS);
        require("outerBytesPerSecond", outerBytesPerSecond, 1_000_000, Long.MAX_VALUE);
        require("innerBytesPerSecond", innerBytesPerSecond, 1_000_000, outerBytesPerSecond);
        require("linkBytesPerSecond", linkBytesPerSecond, 1_000_000, Long.MAX_VALUE);
        require("overheadNs", overheadNs, 0, SECOND_NS);
        require("queueDepth", queueDepth, 1, 1024);
        require("readAheadBytes", readAheadBytes, 0, Long.MAX_VALUE);
        require("writeCacheBytes", writeCacheBytes, 0, Long.MAX_VALUE);
        require("destageGainPercent", destageGainPercent, 0, 100);
        require("errorRecoveryNs", errorRecoveryNs, 0, 600 * SECOND_NS);
    }

    @Override
    public DiskTiming start(final long nowNs, final long sizeBytes, final long seed)
    {
        return new HddTiming(this, nowNs, sizeBytes, seed);
    }
}
