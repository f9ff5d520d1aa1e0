package io.farblock.raidsim.array;

import io.farblock.blockdev.Errno;
import io.farblock.raidsim.array.ArrayEvent.Kind;
import io.farblock.raidsim.layout.StripeLayout;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Fills a member that took an empty slot, or one that is to replace another, from its first chunk to its last. How far
 * it came is on record now and then, so that a restart goes on there. A member that was only away is brought up to date
 * where the intent bitmap says that it missed something. One thread.
 */
final class RecoverJob implements SyncJob
{
    private static final int SECTOR_BYTES = 512;
    /** What a restart does again: at most so much, or so large a part of a small member. */
    private static final long CHECKPOINT_BYTES = 64L * 1024 * 1024;
    private static final int CHECKPOINTS = 16;

    private final StripeLayout layout;
    private final Slots slots;
    private final Mending mending;
    private final StripeLocks locks;
    private final Intent intent;
    private final Membership membership;
    private final EventLog log;
    private Member member;
    private int slot;

    RecoverJob(final StripeLayout layout, final Slots slots, final Mending mending, final StripeLocks locks,
        final Intent intent, final Membership membership, final EventLog log)
    {
        this.layout = layout;
        this.slots = slots;
        this.mending = mending;
        this.locks = locks;
        this.intent = intent;
        this.membership = membership;
        this.log = log;
    }

    /** Whom to fill. */
    RecoverJob of(final Member toFill)
    {
        member = toFill;
        slot = slots.slotOf(toFill);
        return this;
    }

    @Override
    public String action()
    {
        return "recover";
    }

    @Override
    public long doneSectors()
    {
        return Math.min(member.recoveredBytes / SECTOR_BYTES, totalSectors());
    }

    @Override
    public long totalSectors()
    {
        return layout.memberChunks() * layout.chunkBytes() / SECTOR_BYTES;
    }

    @Override
    public int step(final StripeBuffers work)
    {
        final long end = layout.memberChunks();
        long chunk = member.recoveredBytes / layout.chunkBytes();
        while (chunk < end && !isDue(chunk))
        {
            chunk++;
        }
        if (slots.slotOf(member) < 0 || slots.hasFailed())
        {
            return DONE;
        }
        if (chunk >= end)
        {
            return finish();
        }
        final int lost = slots.hasFailed() ? -Errno.EIO : fill(work, chunk);
        if (lost > 0)
        {
            logLoss(chunk, lost);
        }
        if (lost >= 0 && member.recoveredBytes - member.durableBytes >= checkpointBytes())
        {
            checkpoint(member.recoveredBytes);
        }
        return lost < 0 ? DONE : layout.chunkBytes();
    }

    private long checkpointBytes()
    {
        return Math.min(CHECKPOINT_BYTES, layout.memberChunks() * layout.chunkBytes() / CHECKPOINTS + 1);
    }

    private boolean isDue(final long chunk)
    {
        final long stripe = layout.stripeAt(slot, chunk);
        return stripe >= 0 && (!member.isReturning || intent.isSet(stripe));
    }

    private int fill(final StripeBuffers work, final long chunk)
    {
        final long stripe = layout.stripeAt(slot, chunk);
        final int strip = layout.stripAt(slot, chunk);
        final ReentrantLock lock = locks.of(stripe);
        lock.lock();
        try
        {
            int lost = 0;
            for (int column = 0; column < layout.columns(stripe) && lost >= 0; column += StripeBuffers.PIECE_BYTES)
            {
                final int length = Math.min(StripeBuffers.PIECE_BYTES, layout.columns(stripe) - column);
                final int result = mending.rebuild(
                    work, new StripePiece(stripe, column, length, 0, 0), strip, member);
                lost = result < 0 ? result : lost + result;
            }
            if (lost >= 0)
            {
                member.recoveredBytes = (chunk + 1) * layout.chunkBytes();
            }
            return lost;
        }
        finally
        {
            lock.unlock();
        }
    }

    private void logLoss(final long chunk, final int lostBytes)
    {
        final long stripe = layout.stripeAt(slot, chunk);
        final int strip = layout.stripAt(slot, chunk);
        final String what = strip < layout.dataStrips() ? "bytes of the array in the chunk at " +
            (layout.arrayOffset(stripe) + (long)strip * layout.chunkBytes()) : "bytes of parity of stripe " + stripe;
        log.add(Kind.LOST, slot, lostBytes + " " + what + " could not be rebuilt on " + member);
        membership.recordAgain();
    }

    /** What the superblocks say is rebuilt is flushed: a power cut must not take it back. */
    private int checkpoint(final long recoveredBytes)
    {
        final int result = member.device.flush();
        if (result < 0)
        {
            membership.failedFlush(member, result);
            return result;
        }
        membership.record(() -> member.durableBytes = recoveredBytes);
        return 0;
    }

    private int finish()
    {
        final int flushed = member.device.flush();
        if (flushed < 0)
        {
            membership.failedFlush(member, flushed);
            return DONE;
        }
        // told first, and durably: the others' word that it is whole, and the old one out, is no use without its own
        membership.record(member, this::takeSeat);
        return DONE;
    }

    /** Unless somebody threw it out meanwhile: then the member that it was to replace must stay. */
    private void takeSeat()
    {
        final Slots.Seat seat = slots.seat(slot);
        if (slots.slotOf(member) < 0)
        {
            return;
        }
        member.recoveredBytes = Member.ALL;
        member.durableBytes = Member.ALL;
        member.isReturning = false;
        if (seat.replacement() == member)
        {
            slots.expel(seat.member());
            log.add(Kind.REMOVED, slot, seat.member() + " was replaced by " + member);
        }
    }

    /** Whether the member was filled; else it was thrown out. */
    boolean hasFilled()
    {
        return member.isInSync() && slots.slotOf(member) >= 0;
    }

    int slot()
    {
        return slot;
    }

    @Override
    public String toString()
    {
        return member + " in slot " + slot;
    }

    /** What an outcome is called in the log; {@link Errno} is in the event that says why. */
    String outcome()
    {
        return hasFilled() ? this + " is in sync" : this + " could not be filled";
    }
}
