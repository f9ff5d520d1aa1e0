package io.farblock.raidsim.array;

import io.farblock.blockdev.Errno;
import io.farblock.raidsim.layout.StripeLayout;
import java.util.concurrent.locks.ReentrantLock;

/**
 * After a crash: brings the stripes that may be torn back in step, by computing what is redundant anew. One thread.
 */
final class ResyncJob implements SyncJob
{
    private static final int SECTOR_BYTES = 512;

    private final StripeLayout layout;
    private final Slots slots;
    private final StepState steps;
    private final Mending mending;
    private final StripeLocks locks;
    private final MemberFlush flush;
    private final Membership membership;
    private final boolean needsAll;

    ResyncJob(final StripeLayout layout, final Slots slots, final StepState steps, final Mending mending,
        final StripeLocks locks, final MemberFlush flush, final Membership membership)
    {
        this.layout = layout;
        this.slots = slots;
        this.needsAll = needsAll(layout);
        this.steps = steps;
        this.mending = mending;
        this.locks = locks;
        this.flush = flush;
        this.membership = membership;
    }

    /** Parity cannot be computed anew while a member is missing: that one is filled first, as far as it goes. */
    static boolean needsAll(final StripeLayout layout)
    {
        return layout.dataStrips() > 1;
    }

    @Override
    public String action()
    {
        return "resync";
    }

    @Override
    public long doneSectors()
    {
        return Math.min(steps.nextStripe(), layout.stripes()) * layout.chunkBytes() / SECTOR_BYTES;
    }

    @Override
    public long totalSectors()
    {
        return layout.stripes() * layout.chunkBytes() / SECTOR_BYTES;
    }

    @Override
    public int step(final StripeBuffers work)
    {
        long stripe = steps.nextStripe();
        while (stripe < layout.stripes() && !steps.isDue(stripe))
        {
            stripe++;
        }
        if (stripe >= layout.stripes())
        {
            return end();
        }
        final ReentrantLock lock = locks.of(stripe);
        lock.lock();
        try
        {
            mending.compare(work, stripe, true);
            if (needsAll && slots.degraded() > 0)
            {
                // what is missing cannot be told from parity that may be torn: it is to stay an error
                return DONE;
            }
            steps.advance(stripe + 1);
        }
        finally
        {
            lock.unlock();
        }
        return layout.chunkBytes();
    }

    private int end()
    {
        // before the members say that they agree: what was corrected must not be lost to a power cut after that
        if (flush.all() == 0)
        {
            steps.advance(Long.MAX_VALUE);
            membership.setInStep(true);
        }
        return DONE;
    }

    /** Flushes all members that hold data. */
    interface MemberFlush
    {
        /** 0, or -errno such as -{@link Errno#EIO}. */
        int all();
    }
}
