package io.farblock.raidsim.array;

import io.farblock.blockdev.Errno;
import io.farblock.blockdev.raid.MdSuperblock;
import io.farblock.blockdev.raid.RaidLevel;
import io.farblock.raidsim.md.ArrayDescription;
import io.farblock.raidsim.md.MemberFormat;
import io.farblock.raidsim.md.MemberRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Who belongs to the array, and the record of that on every member. Each change is made and written under this object's
 * monitor: the superblocks of all that are left say so, durably, before whoever caused the change goes on. So at the
 * next start the newest superblock knows of every member that missed an answered write.
 *
 * <p>A member whose superblock cannot be written is out like one whose data cannot, and also if the array fails for
 * want of it: a change that is on no member must not be answered. Thread safe; never takes another lock of the array.
 */
final class Membership
{
    private final ArrayDescription array;
    private final Slots slots;
    private final Intent intent;
    private final JournaledWrites journal;
    private final EventLog log;
    private final Together together;
    private final LongSupplier epochSeconds;
    private final int numbers;
    private long events;
    private final AtomicLong begun = new AtomicLong();
    private final AtomicLong ended = new AtomicLong();
    private volatile boolean active;
    private volatile boolean inStep;
    private volatile boolean changing;

    Membership(final Context context, final Slots slots, final Intent intent, final JournaledWrites journal,
        final Start start)
    {
        this.array = context.array();
        this.slots = slots;
        this.intent = intent;
        this.journal = journal;
        this.log = context.log();
        this.together = context.together();
        this.epochSeconds = context.epochSeconds();
        this.events = start.events;
        this.numbers = start.numbers;
        this.inStep = start.inStep;
        this.active = start.active;
    }

    /** What membership shares with the rest of the array. Immutable. */
    record Context(ArrayDescription array, EventLog log, Together together, LongSupplier epochSeconds)
    {
    }

    /**
     * What was found on the members. Immutable.
     *
     * @param events  the newest that any knows of.
     * @param numbers of members that were ever given.
     * @param inStep  whether nothing is to be resynced.
     * @param active  whether stripes are yet to be written again from the journal.
     */
    record Start(long events, int numbers, boolean inStep, boolean active)
    {
    }

    /** Waits until a change that is being written is written. */
    void awaitRecord()
    {
        if (changing)
        {
            synchronized (this)
            {
                requireSettled();
            }
        }
    }

    private void requireSettled()
    {
        if (changing)
        {
            throw new IllegalStateException(array.name() + ": a change of members is left half recorded");
        }
    }

    /** Before a write: has the members say that a resync is due should the power go from now on. */
    void beginWrite()
    {
        begun.incrementAndGet();
        // a change that is being written may be the one that sets it: then it is not on the members yet
        if ((!active || changing) && array.level() != RaidLevel.RAID0)
        {
            synchronized (this)
            {
                if (!active)
                {
                    // before the data: a torn stripe must not look clean at the next start
                    record(() -> active = true);
                }
            }
        }
    }

    void endWrite()
    {
        ended.incrementAndGet();
    }

    /** How many writes have ended; asked before a flush, for {@link #settle}. */
    long endedWrites()
    {
        return ended.get();
    }

    /**
     * Has the members say that all is in step, if nobody writes.
     *
     * @param flushedWrites how many writes had ended before the caller flushed: one more, and what it wrote may be lost
     *                      on some members when the power goes after the first of them says that all is in step.
     */
    synchronized boolean settle(final long flushedWrites)
    {
        if (active && inStep && !slots.hasFailed())
        {
            active = false;
            // whoever began to write before this line and saw the array active is seen here
            if (begun.get() == flushedWrites)
            {
                record(() -> { });
            }
            else
            {
                active = true;
            }
        }
        return !active;
    }

    boolean isActive()
    {
        return active;
    }

    boolean isInStep()
    {
        return inStep;
    }

    synchronized void setInStep(final boolean isInStep)
    {
        record(() -> inStep = isInStep);
    }

    synchronized long events()
    {
        return events;
    }

    /** Makes a change and has every member know of it. */
    void record(final Runnable change)
    {
        record(null, change);
    }

    /**
     * Makes a change and has every member know of it.
     *
     * @param first knows before all others: what they say of it is true only when it does; or null.
     */
    synchronized void record(final Member first, final Runnable change)
    {
        events++;
        changing = true;
        change.run();
        recordOnAll(first);
        changing = false;
    }

    /**
     * At a start, before anything else is recorded: has members that are one event behind know of the newest. Else
     * those that the next event does not reach before the power goes again are two behind, and taken for out of date.
     */
    synchronized void even()
    {
        recordOnAll(null);
    }

    private void recordOnAll(final Member first)
    {
        boolean lostOne = false;
        do
        {
            events += lostOne ? 1 : 0;
            // while a resync is due the journal's entries are not all that may be torn: it must not look up to date
            journal.setEvents(inStep ? events : 0);
            lostOne = false;
            together.begin();
            final List<Member> known = slots.known();
            if (known.remove(first))
            {
                known.add(0, first);
            }
            for (final Member member : known)
            {
                final int result = write(member);
                lostOne |= result < 0 && out(member, "superblock not written: " + Errno.describe(result));
            }
            together.end();
        }
        while (lostOne);
    }

    private int write(final Member member)
    {
        // the bitmap goes first, so that it is never older than the superblock beside it
        int result = intent == null ? 0 : intent.writeHead(member, events);
        result = result < 0 ? result :
            MemberFormat.writeSuperblock(member.device, array, recordOf(member), member.bad.ranges());
        return result < 0 ? result : member.device.flush();
    }

    private MemberRecord recordOf(final Member member)
    {
        final boolean sitting = slots.isSeated(member);
        return new MemberRecord(member.number, member.uuid, member.dataOffset,
            // md uses all of each member of a RAID 0 that is named here, and the smallest may be in use to its end
            array.level() == RaidLevel.RAID0 ? array.memberBytes() :
                member.device.geometry().sizeBytes() - member.dataOffset, events,
            active || !inStep ? 0 : MemberRecord.CLEAN,
            sitting && !member.isInSync() ? member.durableBytes : MemberRecord.IN_SYNC,
            epochSeconds.getAsLong(), false, roles());
    }

    private List<Integer> roles()
    {
        final List<Integer> roles = new ArrayList<>();
        for (int slot = 0; slot < slots.count(); slot++)
        {
            setRole(roles, slots.member(slot), slot);
            setRole(roles, slots.replacement(slot), MdSuperblock.ROLE_SPARE);
        }
        slots.spares().forEach((member) -> setRole(roles, member, MdSuperblock.ROLE_SPARE));
        slots.faulty().forEach((member) -> setRole(roles, member, MdSuperblock.ROLE_FAULTY));
        return roles;
    }

    private static void setRole(final List<Integer> roles, final Member member, final int role)
    {
        if (member != null)
        {
            while (roles.size() <= member.number)
            {
                // a number that nobody here has may be a disk that is away: it is out
                roles.add(MdSuperblock.ROLE_FAULTY);
            }
            roles.set(member.number, role);
        }
    }

    /** A number that no disk of the array has. */
    synchronized int freeNumber()
    {
        int free = Math.max(numbers, slots.count());
        for (final Member member : slots.known())
        {
            free = Math.max(free, member.number + 1);
        }
        for (final Member member : slots.faulty())
        {
            free = Math.max(free, member.number + 1);
        }
        return free;
    }

    /**
     * A member did not take some of the data.
     *
     * @return 0 if it is out, or was; -EIO if the array needs it: then the stretch is bad from now on.
     */
    int failedWrite(final Member member, final long offsetBytes, final int lengthBytes, final int errno)
    {
        synchronized (this)
        {
            final int slot = slots.slotOf(member);
            if (slot < 0)
            {
                return 0;
            }
            if (!isGone(errno) && slots.member(slot) == member && member.isInSync() && !slots.canLose(slot))
            {
                record(() -> member.bad.add(offsetBytes, offsetBytes + lengthBytes));
                return -Errno.EIO;
            }
            expel(member, "write failed: " + Errno.describe(errno));
            return slots.hasFailed() ? -Errno.EIO : 0;
        }
    }

    /** A member could not be read: a sector more or less is mended, a disk that is gone is out. */
    void failedRead(final Member member, final int errno)
    {
        if (isGone(errno))
        {
            expel(member, "gone: " + Errno.describe(errno));
        }
    }

    /** A member could not be flushed: what it holds is not known, so it is out; -EIO if the array needs it. */
    synchronized int failedFlush(final Member member, final int errno)
    {
        final int slot = slots.slotOf(member);
        final boolean needed = slot >= 0 && slots.member(slot) == member && member.isInSync() && !slots.canLose(slot);
        if (slot >= 0 && (!needed || isGone(errno)))
        {
            expel(member, "flush failed: " + Errno.describe(errno));
        }
        return needed ? -Errno.EIO : 0;
    }

    /** Throws a member out, or forgets a spare; nothing happens when it is out already. */
    synchronized void expel(final Member member, final String reason)
    {
        record(() -> out(member, reason));
    }

    /** Writes what has changed besides: bad ranges, or that the journal is gone. */
    synchronized void recordAgain()
    {
        record(() -> { });
    }

    private boolean out(final Member member, final String reason)
    {
        final int slot = slots.slotOf(member);
        if (!slots.expel(member))
        {
            return false;
        }
        log.add(ArrayEvent.Kind.FAILED, slot, member + " is out: " + reason);
        if (slots.hasFailed() && slot >= 0)
        {
            log.add(ArrayEvent.Kind.ARRAY_FAILED, slot, "more members are lost than the array bears");
        }
        return true;
    }

    private static boolean isGone(final int errno)
    {
        return errno != -Errno.EIO && errno != -Errno.EILSEQ && errno != -Errno.ENODATA;
    }
}
