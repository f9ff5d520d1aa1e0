package io.farblock.raidsim.disk;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * What the channels, the buffer and the fast part of one flash disk are doing.
 *
 * <pre>
 *   read    the first channel that is free, then the link
 *   write   link ─> buffer ─> fast part, while there is room, or else slowly to its place
 *   idle    an empty buffer gives the fast part time to move to its place
 * </pre>
 *
 * Every so many bytes, more or less, garbage collection stops everything. Guarded by the disk's lock; chance decides
 * when collections come and how long they take.
 */
final class FlashTiming implements DiskTiming
{
    private static final double SECOND_NS = 1e9;

    private final FlashModel model;
    private final SplittableRandom random;
    private final long[] channelFreeAtNs;
    private long readLinkFreeAtNs;
    private long writeLinkFreeAtNs;
    private long drainedAtNs;
    private double bufferedBytes;
    private double fastLeftBytes;
    private long untilCollectionBytes;

    FlashTiming(final FlashModel model, final long nowNs, final long seed)
    {
        this.model = model;
        random = new SplittableRandom(seed);
        channelFreeAtNs = new long[(int)model.channels()];
        Arrays.fill(channelFreeAtNs, nowNs);
        readLinkFreeAtNs = nowNs;
        writeLinkFreeAtNs = nowNs;
        drainedAtNs = nowNs;
        fastLeftBytes = model.fastBytes();
        untilCollectionBytes = moreOrLess(model.collectEveryBytes());
    }

    @Override
    public long read(final long nowNs, final long offsetBytes, final long lengthBytes)
    {
        int channel = 0;
        for (int i = 1; i < channelFreeAtNs.length; i++)
        {
            channel = channelFreeAtNs[i] < channelFreeAtNs[channel] ? i : channel;
        }
        final long doneNs = Math.max(nowNs, channelFreeAtNs[channel]) + model.readLatencyNs();
        channelFreeAtNs[channel] = doneNs;
        readLinkFreeAtNs = Math.max(doneNs, readLinkFreeAtNs) + linkNs(lengthBytes);
        return readLinkFreeAtNs;
    }

    @Override
    public long write(final long nowNs, final long offsetBytes, final long lengthBytes)
    {
        drain(nowNs);
        final long startNs = Math.max(collected(nowNs, lengthBytes), writeLinkFreeAtNs);
        final long arrivedNs = startNs + linkNs(lengthBytes);
        writeLinkFreeAtNs = arrivedNs;
        bufferedBytes += lengthBytes;
        final double over = bufferedBytes - model.bufferBytes();
        final long roomNs = over <= 0 ? arrivedNs : drainedAtNs + drainNs(over);
        if (over > 0)
        {
            drain(roomNs);
        }
        return Math.max(arrivedNs, roomNs) + model.writeLatencyNs();
    }

    /** Flash only notes that a range is empty. */
    @Override
    public long zero(final long nowNs, final long offsetBytes, final long lengthBytes)
    {
        return nowNs + model.writeLatencyNs();
    }

    @Override
    public long flush(final long nowNs)
    {
        drain(nowNs);
        if (model.protectedBuffer() == 0)
        {
            drain(drainedAtNs + drainNs(bufferedBytes));
            bufferedBytes = 0;
        }
        return Math.max(nowNs, model.protectedBuffer() == 0 ? drainedAtNs : nowNs) + model.flushNs();
    }

    @Override
    public long volatileBytes(final long nowNs)
    {
        drain(nowNs);
        return model.protectedBuffer() == 1 ? 0 : (long)Math.ceil(bufferedBytes);
    }

    private long linkNs(final long lengthBytes)
    {
        return (long)(lengthBytes * SECOND_NS / model.linkBytesPerSecond());
    }

    /** When the write may go on: later if it is the one that makes the disk collect its garbage. */
    private long collected(final long nowNs, final long lengthBytes)
    {
        untilCollectionBytes -= lengthBytes;
        if (model.collectEveryBytes() == 0 || untilCollectionBytes > 0)
        {
            return nowNs;
        }
        untilCollectionBytes = moreOrLess(model.collectEveryBytes());
        final long pauseNs = moreOrLess(model.collectNs());
        final long backAtNs = nowNs + pauseNs;
        drainedAtNs += pauseNs;
        for (int i = 0; i < channelFreeAtNs.length; i++)
        {
            channelFreeAtNs[i] = Math.max(channelFreeAtNs[i], backAtNs);
        }
        return backAtNs;
    }

    /** Half as much to half as much again, so that the mean is what was asked. */
    private long moreOrLess(final long mean)
    {
        return (long)(mean * (0.5 + random.nextDouble()));
    }

    /** What the disk moved out of its buffer up to then. */
    private void drain(final long nowNs)
    {
        if (nowNs <= drainedAtNs)
        {
            return;
        }
        final double fastNs = Math.min(nowNs - drainedAtNs, drainNs(Math.min(bufferedBytes, fastLeftBytes)));
        final double fast = fastNs * model.burstBytesPerSecond() / SECOND_NS;
        fastLeftBytes = Math.max(0, fastLeftBytes - fast);
        bufferedBytes = Math.max(0, bufferedBytes - fast);
        double leftNs = nowNs - drainedAtNs - fastNs;
        if (bufferedBytes > 0 && leftNs > 0)
        {
            final double slow = Math.min(bufferedBytes, leftNs * model.sustainedBytesPerSecond() / SECOND_NS);
            bufferedBytes -= slow;
            leftNs -= slow * SECOND_NS / model.sustainedBytesPerSecond();
        }
        // what moved through the fast part leaves it at the pace of the slow one, when there is nothing else to do
        fastLeftBytes = Math.min(model.fastBytes(),
            fastLeftBytes + Math.max(0, leftNs) * model.sustainedBytesPerSecond() / SECOND_NS);
        drainedAtNs = nowNs;
    }

    /** How long the oldest so many bytes of the buffer take to leave it. */
    private long drainNs(final double bytes)
    {
        final double fast = Math.min(bytes, fastLeftBytes);
        return (long)Math.ceil(fast * SECOND_NS / model.burstBytesPerSecond() +
            (bytes - fast) * SECOND_NS / model.sustainedBytesPerSecond());
    }
}
