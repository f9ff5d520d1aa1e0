package io.farblock.raidsim.disk;

import java.util.SplittableRandom;

/**
 * Where the arm and the platter of one disk are, and what its cache still has to write.
 *
 * <pre>
 *   read    seek, then wait for the sector to come round, then transfer; nothing of it in what was read ahead
 *   write   into the cache; only when that is full it waits until enough has been written
 *   idle    the cache is written in the order of places; after a read the head reads on
 * </pre>
 *
 * The seek curve is the square root of the distance up to a third of the stroke and linear from there (Ruemmler and
 * Wilkes 1994). With a queue of {@code n} a read's positioning costs 1 / (1 + 0.3 log2 n) of what it costs alone, which
 * is what disks measure with native command queuing. Reads go before what the cache has to write. Guarded by the disk's
 * lock; the only chance is where the platter stands at the start.
 */
final class HddTiming implements DiskTiming
{
    private static final double SECOND_NS = 1e9;
    private static final double ALMOST_A_TURN = 0.999;

    private final HddModel model;
    private final long sizeBytes;
    private final double revolutionNs;
    private final double phase;
    private final InFlight queue;
    private long freeAtNs;
    private long headBytes;
    private long readFromBytes;
    private long readToBytes;
    private long askedToBytes;
    private long writtenToBytes;
    private double backlogNs;
    private double dirtyBytes;

    HddTiming(final HddModel model, final long nowNs, final long sizeBytes, final long seed)
    {
        this.model = model;
        this.sizeBytes = Math.max(1, sizeBytes);
        this.revolutionNs = 60 * SECOND_NS / model.rpm();
        this.phase = new SplittableRandom(seed).nextDouble();
        this.queue = new InFlight((int)model.queueDepth());
        this.freeAtNs = nowNs;
    }

    @Override
    public long read(final long nowNs, final long offsetBytes, final long lengthBytes)
    {
        idle(nowNs);
        final long linkNs = model.overheadNs() + (long)(lengthBytes * SECOND_NS / model.linkBytesPerSecond());
        final long end = offsetBytes + lengthBytes;
        if (offsetBytes >= readFromBytes && end <= readToBytes)
        {
            askedToBytes = Math.max(askedToBytes, end);
            return nowNs + linkNs;
        }
        final boolean goesOn = offsetBytes >= readFromBytes && offsetBytes <= readToBytes && headBytes == readToBytes;
        final long doneNs = goesOn ? Math.max(nowNs, freeAtNs) + transferNs(readToBytes, end - readToBytes) :
            access(nowNs, offsetBytes, lengthBytes);
        readFromBytes = goesOn ? readFromBytes : offsetBytes;
        readToBytes = end;
        askedToBytes = end;
        headBytes = end;
        freeAtNs = doneNs;
        queue.add(doneNs);
        return Math.max(doneNs + model.overheadNs(), nowNs + linkNs);
    }

    @Override
    public long write(final long nowNs, final long offsetBytes, final long lengthBytes)
    {
        idle(nowNs);
        final long linkNs = model.overheadNs() + (long)(lengthBytes * SECOND_NS / model.linkBytesPerSecond());
        if (readFromBytes < offsetBytes + lengthBytes && offsetBytes < readToBytes)
        {
            readToBytes = readFromBytes;
        }
        if (model.writeCacheBytes() == 0)
        {
            final long doneNs = access(nowNs, offsetBytes, lengthBytes);
            headBytes = offsetBytes + lengthBytes;
            freeAtNs = doneNs;
            queue.add(doneNs);
            return Math.max(doneNs + model.overheadNs(), nowNs + linkNs);
        }
        final double position = offsetBytes == writtenToBytes ? 0 :
            seekNs(writtenToBytes, offsetBytes) + revolutionNs / 2;
        backlogNs += position * model.destageGainPercent() / 100 + transferNs(offsetBytes, lengthBytes);
        dirtyBytes += lengthBytes;
        writtenToBytes = offsetBytes + lengthBytes;
        final double over = dirtyBytes - model.writeCacheBytes();
        if (over <= 0)
        {
            return nowNs + linkNs;
        }
        freeAtNs = Math.max(nowNs, freeAtNs);
        destage(backlogNs * over / dirtyBytes);
        return Math.max(nowNs + linkNs, freeAtNs);
    }

    /** A turning disk has to write the zeros. */
    @Override
    public long zero(final long nowNs, final long offsetBytes, final long lengthBytes)
    {
        return write(nowNs, offsetBytes, lengthBytes);
    }

    @Override
    public long flush(final long nowNs)
    {
        idle(nowNs);
        freeAtNs = Math.max(nowNs, freeAtNs);
        destage(backlogNs);
        return freeAtNs + model.overheadNs();
    }

    @Override
    public long volatileBytes(final long nowNs)
    {
        idle(nowNs);
        return (long)Math.ceil(dirtyBytes);
    }

    /** What the disk did by itself since it was last busy: it writes its cache first, then it reads ahead. */
    private void idle(final long nowNs)
    {
        if (nowNs > freeAtNs && backlogNs > 0)
        {
            destage(Math.min(nowNs - freeAtNs, backlogNs));
        }
        if (nowNs > freeAtNs)
        {
            if (headBytes == readToBytes)
            {
                final long ahead = (long)((nowNs - freeAtNs) * rate(headBytes) / SECOND_NS);
                final long most = Math.min(sizeBytes, askedToBytes + model.readAheadBytes());
                readToBytes = Math.max(readToBytes, Math.min(most, readToBytes + ahead));
                readFromBytes = Math.max(readFromBytes, readToBytes - 2 * model.readAheadBytes());
                headBytes = readToBytes;
            }
            freeAtNs = nowNs;
        }
    }

    private void destage(final double durationNs)
    {
        headBytes = durationNs > 0 ? writtenToBytes : headBytes;
        dirtyBytes -= backlogNs > 0 ? dirtyBytes * durationNs / backlogNs : dirtyBytes;
        backlogNs -= durationNs;
        freeAtNs += (long)durationNs;
        if (backlogNs < 1)
        {
            backlogNs = 0;
            dirtyBytes = 0;
        }
    }

    /** When the medium has transferred a range that it has to go to. */
    private long access(final long nowNs, final long offsetBytes, final long lengthBytes)
    {
        final double startNs = Math.max(nowNs, freeAtNs);
        final double seekNs = seekNs(headBytes, offsetBytes);
        final double atNs = startNs + seekNs;
        final double turns = tracks(offsetBytes) - (atNs / revolutionNs + phase);
        final double part = turns - Math.floor(turns);
        // the next sector of a stream is just under the head, not a whole turn away, whatever rounding says
        final double waitNs = part > ALMOST_A_TURN ? 0 : part * revolutionNs;
        final double gain = 1 / (1 + 0.3 * Math.log(1 + queue.size(nowNs)) / Math.log(2));
        return (long)(startNs + (seekNs + waitNs) * gain) + transferNs(offsetBytes, lengthBytes);
    }

    private double seekNs(final long fromBytes, final long toBytes)
    {
        final double distance = Math.abs((double)toBytes - fromBytes) / sizeBytes;
        if (distance == 0)
        {
            return 0;
        }
        return distance < 1.0 / 3 ?
            model.trackSeekNs() + (model.averageSeekNs() - model.trackSeekNs()) * Math.sqrt(3 * distance) :
            model.averageSeekNs() + (model.fullSeekNs() - model.averageSeekNs()) * (3 * distance - 1) / 2;
    }

    /** How many tracks lie before a place; the fraction is where on its own track it is. The integral of 1 / track. */
    private double tracks(final long offsetBytes)
    {
        final double slope = (model.outerBytesPerSecond() - model.innerBytesPerSecond()) / (double)sizeBytes;
        final double seconds = slope == 0 ? offsetBytes / rate(0) :
            Math.log(model.outerBytesPerSecond() / rate(offsetBytes)) / slope;
        return seconds * SECOND_NS / revolutionNs;
    }

    private long transferNs(final long offsetBytes, final long lengthBytes)
    {
        return (long)(lengthBytes * SECOND_NS / rate(offsetBytes));
    }

    /** Outer tracks are longer and hold more. */
    private double rate(final long offsetBytes)
    {
        return model.outerBytesPerSecond() -
            (double)(model.outerBytesPerSecond() - model.innerBytesPerSecond()) * offsetBytes / sizeBytes;
    }
}
