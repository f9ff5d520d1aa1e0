package io.farblock.raidsim.disk;

import static io.farblock.raidsim.disk.ModelNumbers.require;

/**
 * A disk of flash, behind SATA or NVMe. An immutable value.
 *
 * @param readLatencyNs        a read that finds its channel free, without the transfer.
 * @param writeLatencyNs       a write that finds room in the buffer, without the transfer.
 * @param channels             how many reads run at once.
 * @param linkBytesPerSecond   to and from the host.
 * @param burstBytesPerSecond  onto the flash while there is room in the fast part (cells used with one bit each).
 * @param sustainedBytesPerSecond onto the flash when there is none.
 * @param fastBytes            the size of the fast part; 0 for none.
 * @param bufferBytes          the RAM that takes writes.
 * @param protectedBuffer      1 if capacitors save the buffer in a power cut, else 0.
 * @param flushNs              a flush, beside what the buffer takes.
 * @param collectEveryBytes    garbage is collected once in so many bytes written, on average; 0 for never.
 * @param collectNs            how long that stops the disk, on average.
 * @param errorRecoveryNs      see {@link DiskModel#errorRecoveryNs()}.
 */
public record FlashModel(long readLatencyNs, long writeLatencyNs, long channels, long linkBytesPerSecond,
    long burstBytesPerSecond, long sustainedBytesPerSecond, long fastBytes, long bufferBytes, long protectedBuffer,
    long flushNs, long collectEveryBytes, long collectNs, long errorRecoveryNs) implements DiskModel
{
    private static final long SECOND_NS = 1_000_000_000L;

    public FlashModel
    {
        require("readLatencyNs", readLatencyNs, 0, SECOND_NS);
        require("writeLatencyNs", writeLatencyNs, 0, SECOND_NS);
        require("channels", channels, 1, 1024);
        require("linkBytesPerSecond", linkBytesPerSecond, 1_000_000, Long.MAX_VALUE);
        require("burstBytesPerSecond", burstBytesPerSecond, 1_000_000, Long.MAX_VALUE);
        require("sustainedBytesPerSecond", sustainedBytesPerSecond, 1_000_000, burstBytesPerSecond);
        require("fastBytes", fastBytes, 0, Long.MAX_VALUE);
        require("bufferBytes", bufferBytes, 0, Long.MAX_VALUE);
        require("protectedBuffer", protectedBuffer, 0, 1);
        require("flushNs", flushNs, 0, SECOND_NS);
        require("collectEveryBytes", collectEveryBytes, 0, Long.MAX_VALUE);
        require("collectNs", collectNs, 0, 600 * SECOND_NS);
        require("errorRecoveryNs", errorRecoveryNs, 0, 600 * SECOND_NS);
    }

    @Override
    public DiskTiming start(final long nowNs, final long sizeBytes, final long seed)
    {
        return new FlashTiming(this, nowNs, seed);
    }
}
