package io.farblock.daemon.bench;

/**
 * What a device gave. Immutable; its JSON, field by field, is for scripts.
 *
 * @param direct             whether the page cache was bypassed; without it the figures are the cache's.
 * @param measuredBytes      of each sequential pass.
 * @param readBytesPerSecond sequential, 1 MiB at a time.
 * @param hashBytesPerSecond sequential and SHA-256 of every 64 KiB, on one thread.
 * @param randomReadsPerSecond of 4 KiB, one at a time.
 */
public record DeviceReport(String device, long sizeBytes, boolean direct, long measuredBytes, long readBytesPerSecond,
    long hashBytesPerSecond, long randomReadsPerSecond)
{
}
