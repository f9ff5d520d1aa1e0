package io.farblock.raidsim.array;

import io.farblock.blockdev.BlockDevice;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A disk that belongs to an array, whatever it does there. Its place and state are kept by {@link Slots}; what it is
 * stays as it was when it was added. Offsets of data count from {@link #dataOffset}. Thread safe.
 */
final class Member
{
    /** Of {@link #recoveredBytes} when all of the member's data are good. */
    static final long ALL = Long.MAX_VALUE;

    final BlockDevice device;
    /** Index into the superblock's roles; never given to another disk while this one is known. */
    final int number;
    final UUID uuid;
    final long dataOffset;
    final BadRanges bad = new BadRanges();
    /** Read errors that were put right by writing what the others know. */
    final AtomicLong corrected = new AtomicLong();
    /** Up to where the member's data are good; written by whoever rebuilds it, under the lock of that stripe. */
    volatile long recoveredBytes;
    /** Up to where they are good and flushed, so that the superblock may say so; changed under {@link Membership}. */
    volatile long durableBytes;
    /** Only what the intent bitmap names has to be rebuilt: the disk was away for a while. */
    volatile boolean isReturning;

    Member(final BlockDevice device, final int number, final UUID uuid, final long dataOffset,
        final long recoveredBytes)
    {
        this.device = device;
        this.number = number;
        this.uuid = uuid;
        this.dataOffset = dataOffset;
        this.recoveredBytes = recoveredBytes;
        this.durableBytes = recoveredBytes;
    }

    boolean isInSync()
    {
        return recoveredBytes == ALL;
    }

    /** Whether these data are what the array put there. */
    boolean isGood(final long offsetBytes, final int lengthBytes)
    {
        return offsetBytes + lengthBytes <= recoveredBytes && !bad.touches(offsetBytes, offsetBytes + lengthBytes);
    }

    @Override
    public String toString()
    {
        return device.name();
    }
}
