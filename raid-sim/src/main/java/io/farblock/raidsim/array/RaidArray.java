package io.farblock.raidsim.array;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.CheckedBlockDevice;
import io.farblock.blockdev.Errno;
import io.farblock.blockdev.Geometry;
import io.farblock.blockdev.raid.MdArray;
import io.farblock.raidsim.array.ArrayEvent.Kind;
import io.farblock.raidsim.layout.StripeLayout;
import io.farblock.raidsim.md.ArrayDescription;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A software RAID over any block devices. Its members hold what Linux md would have put there, superblocks and bitmap
 * included. What the level guarantees is right; what it does not is an error, never wrong data.
 *
 * <pre>
 *   request ─> ArrayIo: stripes, under their locks ─> Stripes: pieces, coded ─> members
 *                 │ before the first write: Intent (bitmap), Membership (superblocks)
 *   work()  ─> Upkeep: resync, recover, check, repair ─> Stripes
 * </pre>
 *
 * Made and opened by {@link Assembly}. Thread safe; somebody must call {@link #work} for anything to be rebuilt. Owns
 * the disks that it was given, and closes them with itself, except those taken out by {@link #remove}. Wrapped in a
 * {@link CheckedBlockDevice} for use as a device: requests are not checked here.
 */
public final class RaidArray implements BlockDevice
{
    private final ArrayDescription array;
    private final StripeLayout layout;
    private final Geometry geometry;
    private final Slots slots;
    private final Membership membership;
    private final Intent intent;
    private final JournaledWrites journal;
    private final StepState steps;
    private final StripeLocks locks = new StripeLocks();
    private final StripeCounters counters = new StripeCounters();
    private final Stripes stripes;
    private final Mending mending;
    private final ArrayIo io;
    private final EventLog log;
    private final Together together;
    private final Upkeep upkeep;
    private final AtomicBoolean unreported = new AtomicBoolean();
    private final AtomicReference<Scrub> scrubWanted = new AtomicReference<>();
    private boolean closed;

    /** What a scrub does with what differs. */
    public enum Scrub
    {
        /** Counts it. */
        CHECK,
        /** Corrects it, by the data. */
        REPAIR
    }

    RaidArray(final Membership.Context context, final StripeLayout layout, final Geometry geometry, final Slots slots,
        final Protection protection, final Membership membership)
    {
        this.array = context.array();
        this.layout = layout;
        this.geometry = geometry;
        this.slots = slots;
        this.intent = protection.intent();
        this.journal = protection.journal();
        this.steps = protection.steps();
        this.membership = membership;
        this.log = context.log();
        this.together = context.together();
        final Strips strips = new Strips(layout, slots, membership);
        this.stripes = new Stripes(strips, layout, slots, membership, protection, counters, together);
        this.mending = new Mending(stripes, layout, slots, membership, steps, strips, together);
        this.io = new ArrayIo(layout, stripes, locks, intent, membership);
        this.upkeep = new Upkeep(this::nextJob, this::tick, new StripeBuffers(layout), log);
        journal.workWith(this::flushMembers, membership::recordAgain);
    }

    /** What keeps stripes from being torn, or knows which are. Immutable. */
    record Protection(Intent intent, JournaledWrites journal, StepState steps)
    {
    }

    /** Writes again what a crash may have left half done. */
    void replayJournal()
    {
        final int entries = journal.replay(stripes::replay);
        if (entries > 0)
        {
            log.add(Kind.SYNC_ENDED, -1, entries + " writes of stripes were done again from the journal");
        }
    }

    @Override
    public Geometry geometry()
    {
        return geometry;
    }

    @Override
    public int read(final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
    {
        final int result = io.read(offsetBytes, buffer, index, lengthBytes);
        return result < 0 ? result : lengthBytes;
    }

    @Override
    public int write(final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
    {
        final int result = io.write(offsetBytes, buffer, index, lengthBytes);
        return result < 0 ? result : lengthBytes;
    }

    @Override
    public int zero(final long offsetBytes, final long lengthBytes)
    {
        return io.zero(offsetBytes, lengthBytes);
    }

    /** Zeros: what a member makes of a discard may differ from what another does, and parity must agree with both. */
    @Override
    public int discard(final long offsetBytes, final long lengthBytes)
    {
        return io.zero(offsetBytes, lengthBytes);
    }

    @Override
    public int flush()
    {
        final int result = flushMembers();
        return unreported.getAndSet(false) ? -Errno.EIO : result;
    }

    /** One that fails here is told to the next who flushes: what was written before may be lost. */
    private int flushMembers()
    {
        int worst = slots.hasFailed() ? -Errno.EIO : 0;
        together.begin();
        for (int slot = 0; slot < slots.count(); slot++)
        {
            final Slots.Seat seat = slots.seat(slot);
            worst = Math.min(worst, Math.min(flush(seat.member()), flush(seat.replacement())));
        }
        together.end();
        membership.awaitRecord();
        worst = slots.hasFailed() ? -Errno.EIO : worst;
        if (worst < 0)
        {
            unreported.set(true);
        }
        return worst;
    }

    private int flush(final Member member)
    {
        final int result = member == null ? 0 : member.device.flush();
        return result < 0 ? membership.failedFlush(member, result) : 0;
    }

    @Override
    public long nextData(final long offsetBytes)
    {
        return Holes.nextData(layout, slots, offsetBytes);
    }

    @Override
    public long nextHole(final long offsetBytes)
    {
        return Holes.nextHole(layout, slots, offsetBytes);
    }

    @Override
    public String name()
    {
        return array.name();
    }

    /** The array's uuid. */
    public UUID uuid()
    {
        return array.array();
    }

    /** What all members agree on. */
    public ArrayDescription description()
    {
        return array;
    }

    /**
     * Does one step of what the array does by itself; one thread.
     *
     * @param nowNs of a monotonic clock.
     * @return nanoseconds until there may be more to do; 0 for at once.
     */
    public long work(final long nowNs)
    {
        return upkeep.work(nowNs);
    }

    private SyncJob nextJob()
    {
        if (slots.hasFailed())
        {
            return null;
        }
        if (layout.redundantStrips() > 0 && !membership.isInStep() &&
            !(ResyncJob.needsAll(layout) && slots.degraded() > 0))
        {
            return new ResyncJob(layout, slots, steps, mending, locks, this::flushMembers, membership);
        }
        final Member toFill = toFill();
        if (toFill != null)
        {
            return new RecoverJob(layout, slots, mending, locks, intent, membership, log).of(toFill);
        }
        final Scrub wanted = scrubWanted.getAndSet(null);
        return wanted == null ? null : new ScrubJob(layout, mending, locks, wanted == Scrub.REPAIR);
    }

    /** A member that is to be rebuilt, a spare for an empty slot, or a replacement; null for none. */
    private Member toFill()
    {
        for (int slot = 0; slot < slots.count(); slot++)
        {
            final Member member = slots.member(slot);
            if (member != null && !member.isInSync())
            {
                return member;
            }
            if (member == null && layout.redundantStrips() > 0 && !slots.spares().isEmpty())
            {
                final int empty = slot;
                membership.record(() -> slots.seatSpare(empty));
                return slots.member(slot);
            }
            if (slots.replacement(slot) != null)
            {
                return slots.replacement(slot);
            }
        }
        return null;
    }

    private void tick()
    {
        // bits outlast the last write by some ticks, when the members say already that all is clean
        final long ended = membership.endedWrites();
        final boolean clears = clearsIntent();
        if ((clears || membership.isActive()) && flushMembers() == 0)
        {
            if (clears)
            {
                intent.tick();
            }
            membership.settle(ended);
        }
    }

    /** Bits stay while a member is out, or a stripe out of step: they say what it misses, and which. */
    private boolean clearsIntent()
    {
        return intent != null && intent.hasAny() && slots.degraded() == 0 && membership.isInStep();
    }

    /** Throws the member in a slot out, as if it had failed. */
    public void fail(final int slot) throws RaidException
    {
        final Member member = requireMember(slot);
        membership.expel(member, "told to fail it");
    }

    /**
     * Takes a failed disk or a spare out of the array.
     *
     * @return the disk, which the caller closes.
     */
    public synchronized BlockDevice remove(final String disk) throws RaidException
    {
        for (final Member member : unseated())
        {
            if (member.device.name().equals(disk))
            {
                membership.record(() -> slots.forget(member));
                log.add(Kind.REMOVED, -1, disk + " was removed");
                return member.device;
            }
        }
        throw new RaidException(name() + " has no failed disk or spare " + disk + ", only " + unseated() +
            "; fail a member before you remove it");
    }

    private List<Member> unseated()
    {
        final List<Member> members = new ArrayList<>(slots.faulty());
        members.addAll(slots.spares());
        return members;
    }

    /**
     * Adds a disk: one that was away and missed no more than the bitmap knows comes back to its slot, any other is a
     * spare, and all that was on it is lost. Belongs to the array from now on, unless this throws.
     */
    public synchronized void add(final BlockDevice disk) throws RaidException
    {
        requireAddable(disk);
        final Assembly.Returning returning = intent == null ? null :
            Assembly.returning(array, slots, intent.eventsCleared(), disk);
        final Member added = returning != null ? returning.member() :
            Assembly.newMember(array, layout, disk, membership);
        if (intent != null && intent.writeAll(added) < 0)
        {
            throw new RaidException(disk.name() + " does not take the bitmap; choose another disk");
        }
        slots.faulty().stream().filter((old) -> old.device == disk).forEach(slots::forget);
        membership.record(() ->
        {
            if (returning == null)
            {
                slots.addSpare(added);
            }
            else
            {
                slots.seat(returning.slot(), added);
            }
        });
        log.add(Kind.ADDED, slots.slotOf(added), disk.name() + (returning == null ? " is a spare" : " is back"));
    }

    private void requireAddable(final BlockDevice disk) throws RaidException
    {
        if (slots.hasFailed() || layout.redundantStrips() == 0)
        {
            throw new RaidException(name() + (slots.hasFailed() ? " has failed" : " is RAID 0") + ": " + disk.name() +
                " could not be filled, and would lose what it holds; open the array again with all disks that can " +
                "still be read");
        }
        final Geometry found = disk.geometry();
        if (found.sectorBytes() > geometry.sectorBytes() || found.alignmentBytes() > geometry.alignmentBytes())
        {
            throw new RaidException(disk.name() + " has sectors of " + found.sectorBytes() + " bytes, aligned to " +
                found.alignmentBytes() + " in memory, expected at most " + geometry.sectorBytes() + " and " +
                geometry.alignmentBytes() + " as in " + name() + "; add another disk, or open the array again with it");
        }
        if (Assembly.isOneOf(slots.known(), array, disk))
        {
            throw new RaidException(disk.name() + " is in " + name() + " already; fail and remove it first");
        }
    }

    /** Fills the first spare from a member that still works, and then has it take that member's slot. */
    public synchronized void replace(final int slot) throws RaidException
    {
        requireMember(slot);
        if (slots.spares().isEmpty() || slots.replacement(slot) != null || layout.redundantStrips() == 0)
        {
            throw new RaidException(name() + " cannot replace " + slots.member(slot) + ": " +
                (layout.redundantStrips() == 0 ? "RAID 0 has no spares" : slots.replacement(slot) != null ?
                    slots.replacement(slot) + " is being filled for it already" : "there is no spare; add one"));
        }
        membership.record(() -> slots.seatReplacement(slot));
    }

    private Member requireMember(final int slot) throws RaidException
    {
        if (slot < 0 || slot >= slots.count() || slots.member(slot) == null)
        {
            throw new RaidException(name() + " has no member in slot " + slot + ", expected one of 0 to " +
                (slots.count() - 1) + " that is not empty");
        }
        return slots.member(slot);
    }

    /** Asks for a scrub after whatever else runs. */
    public void scrub(final Scrub wanted) throws RaidException
    {
        if (layout.redundantStrips() == 0)
        {
            throw new RaidException(name() + " is RAID 0: there is nothing to compare");
        }
        scrubWanted.set(wanted);
    }

    /** Gives up a scrub. */
    public void stopScrub()
    {
        scrubWanted.set(null);
        upkeep.stop();
    }

    /** At most so much of each member a second for resync, rebuild and scrub; 0 for no limit. */
    public void limit(final long bytesPerSecond)
    {
        upkeep.limit(bytesPerSecond);
    }

    /** The array as the kernel would describe it, had it this one: its state, its members, what is going on. */
    public MdArray describe()
    {
        return new Description(array, slots, membership, journal, intent != null, upkeep).toMdArray();
    }

    /** What happened, oldest first; the last {@value EventLog#KEPT}. */
    public List<ArrayEvent> events()
    {
        return log.events();
    }

    public StripeCounters counters()
    {
        return counters;
    }

    /** Flushes, has the members say that all is clean, if it is, and closes them. */
    @Override
    public void close()
    {
        if (!closed)
        {
            closed = true;
            final long ended = membership.endedWrites();
            if (flush() == 0)
            {
                for (int i = 0; i < Intent.TICKS_TO_CLEAR && clearsIntent(); i++)
                {
                    intent.tick();
                }
                membership.settle(ended);
            }
            slots.known().forEach((member) -> member.device.close());
            slots.faulty().forEach((member) -> member.device.close());
            journal.close();
        }
    }
}
