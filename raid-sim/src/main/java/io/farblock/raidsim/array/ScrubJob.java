package io.farblock.raidsim.array;

import io.farblock.raidsim.layout.StripeLayout;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Reads everything: gives back what some member cannot read, and counts, or corrects, what is redundant and does not
 * agree with the data. Stripes that lack a member are read, not compared. One thread.
 */
final class ScrubJob implements SyncJob
{
    private static final int SECTOR_BYTES = 512;

    private final StripeLayout layout;
    private final Mending mending;
    private final StripeLocks locks;
    private final boolean corrects;
    private volatile long stripe;
    private volatile long mismatchBytes;

    ScrubJob(final StripeLayout layout, final Mending mending, final StripeLocks locks, final boolean corrects)
    {
        this.layout = layout;
        this.mending = mending;
        this.locks = locks;
        this.corrects = corrects;
    }

    @Override
    public String action()
    {
        return corrects ? "repair" : "check";
    }

    @Override
    public long doneSectors()
    {
        return stripe * layout.chunkBytes() / SECTOR_BYTES;
    }

    @Override
    public long totalSectors()
    {
        return layout.stripes() * layout.chunkBytes() / SECTOR_BYTES;
    }

    @Override
    public long mismatchSectors()
    {
        return mismatchBytes / SECTOR_BYTES;
    }

    @Override
    public int step(final StripeBuffers work)
    {
        if (stripe >= layout.stripes())
        {
            return DONE;
        }
        final ReentrantLock lock = locks.of(stripe);
        lock.lock();
        try
        {
            mismatchBytes += mending.compare(work, stripe, corrects);
        }
        finally
        {
            lock.unlock();
        }
        stripe++;
        return layout.chunkBytes();
    }
}
