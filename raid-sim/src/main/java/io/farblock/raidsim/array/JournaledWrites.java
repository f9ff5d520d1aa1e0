package io.farblock.raidsim.array;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.Errno;
import io.farblock.raidsim.array.ArrayEvent.Kind;
import io.farblock.raidsim.layout.StripeLayout;
import io.farblock.raidsim.md.ArrayDescription;
import java.nio.ByteBuffer;
import java.util.function.IntSupplier;

/**
 * Writes of stripes, by way of the journal if there is one: one at a time then. A journal that fails is given up, and
 * the array goes on without: a crash from then on is followed by a resync. Thread safe.
 */
final class JournaledWrites
{
    private final StripeJournal journal;
    private final boolean isCurrent;
    private final EventLog log;
    private IntSupplier flush;
    private Runnable record;
    private volatile boolean lost;
    private volatile boolean lossRecorded;

    private JournaledWrites(final StripeJournal journal, final boolean isCurrent, final EventLog log)
    {
        this.journal = journal;
        this.log = log;
        this.isCurrent = isCurrent;
    }

    /** Straight to the members. */
    static JournaledWrites none()
    {
        return new JournaledWrites(null, false, null);
    }

    /**
     * The array's journal on this device if it is there and up to date, else a new one.
     *
     * @param force also where something else is, which is lost then.
     */
    static JournaledWrites on(final BlockDevice device, final ArrayDescription array, final StripeLayout layout,
        final long arrayEvents, final EventLog log, final boolean force) throws RaidException
    {
        if (!array.level().hasParity())
        {
            throw new RaidException(array.name() + " is " + array.level() +
                ": only RAID 5 and 6 have a write hole that a journal closes; leave it out");
        }
        final StripeJournal journal = new StripeJournal(device, array.array(), layout.strips());
        if (!force && !journal.isFree())
        {
            throw new RaidException(device.name() + " holds something that is no journal; expected the array's " +
                "journal, or nothing; choose another, or force the start if it may go");
        }
        return new JournaledWrites(journal, arrayEvents > 0 && journal.load(arrayEvents), log);
    }

    /** Makes a new journal where there was none, or one that is out of date. */
    void prepare()
    {
        if (journal != null && !isCurrent)
        {
            judge(journal.format());
        }
    }

    /** What flushes all members, and what has their superblocks know of one more event. */
    void workWith(final IntSupplier flushMembers, final Runnable recordEvent)
    {
        flush = flushMembers;
        record = recordEvent;
    }

    /** Whether all writes before the last crash are here or on the members. */
    boolean isCurrent()
    {
        return isCurrent;
    }

    boolean isOn()
    {
        return journal != null && !lost;
    }

    /** What writes the strips to their members; 0 or -EIO. */
    int write(final StripePiece piece, final ByteBuffer[] strips, final long changed, final IntSupplier place)
    {
        if (journal == null || lossRecorded)
        {
            return place.getAsInt();
        }
        synchronized (journal)
        {
            if (!lost && !journal.hasRoom())
            {
                if (flush.getAsInt() < 0)
                {
                    return -Errno.EIO;
                }
                judge(journal.reclaim());
            }
            if (!lost)
            {
                judge(journal.append(piece, strips, changed));
            }
            if (lost && !lossRecorded)
            {
                // the members must be ahead of the journal's last event before they are ahead of its entries: else the
                // next start would take it for current and write these over what is newer
                record.run();
                lossRecorded = true;
            }
            return place.getAsInt();
        }
    }

    void setEvents(final long events)
    {
        if (isOn())
        {
            judge(journal.setEvents(events));
        }
    }

    /** Writes again what may not have reached the members; says how many writes that were. */
    int replay(final StripeJournal.Replay target)
    {
        if (!isCurrent)
        {
            return 0;
        }
        synchronized (journal)
        {
            final int entries = journal.replay(target);
            if (flush.getAsInt() == 0)
            {
                judge(journal.reclaim());
            }
            return entries;
        }
    }

    private void judge(final int result)
    {
        if (result < 0 && !lost)
        {
            lost = true;
            log.add(Kind.FAILED, -1, "journal " + journal.device().name() + " is out: " + Errno.describe(result) +
                "; the write hole is open");
        }
    }

    void close()
    {
        if (journal != null)
        {
            journal.device().close();
        }
    }
}
