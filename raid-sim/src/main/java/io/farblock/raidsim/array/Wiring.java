package io.farblock.raidsim.array;

import io.farblock.blockdev.Geometry;
import io.farblock.blockdev.raid.MdSuperblock;
import io.farblock.blockdev.raid.RaidLevel;
import io.farblock.raidsim.layout.StripeLayout;
import io.farblock.raidsim.md.ArrayDescription;
import java.util.BitSet;
import java.util.List;

/** The parts of an array, put together. One thread, until it is started. */
final class Wiring
{
    private final ArrayDescription array;
    private final ArrayOptions options;
    private final EventLog log;
    private final StripeLayout layout;
    private final Slots slots;
    private final Intent intent;
    private final JournaledWrites journal;
    private final long events;
    private int numbers;
    private boolean isUneven;
    private int sectorBytes = 512;
    private int alignmentBytes = 1;

    Wiring(final ArrayDescription array, final ArrayOptions options, final long events)
        throws RaidException
    {
        this.array = array;
        this.options = options;
        this.events = events;
        log = new EventLog(options.epochSeconds(), options.listener());
        layout = ArrayShape.layoutOf(array);
        slots = new Slots(layout);
        intent = array.bitmapChunkBytes() == 0 || array.level() == RaidLevel.RAID0 ? null :
            new Intent(array, layout, slots, options.together());
        journal = options.journal() == null ? JournaledWrites.none() :
            JournaledWrites.on(options.journal(), array, layout, events, log, options.force());
    }

    /** Not all that are current know of the newest event. */
    void uneven()
    {
        isUneven = true;
    }

    void reserveNumbers(final int count)
    {
        numbers = count;
    }

    void place(final Member member, final int slot)
    {
        measure(member);
        if (slot >= 0)
        {
            slots.seat(slot, member);
        }
        else
        {
            slots.addSpare(member);
        }
    }

    void leaveOut(final Candidate candidate, final Candidate newest)
    {
        final Member member = candidate.member(MdSuperblock.ROLE_FAULTY);
        measure(member);
        slots.addSpare(member);
        slots.expel(member);
        log.add(ArrayEvent.Kind.FAILED, -1, member + " is left out: it was failed, or away (event " +
            candidate.events() + " of " + newest.events() + ")");
    }

    /** Whether too few members are there, and nobody sits in this slot. */
    boolean lacks(final int slot)
    {
        return slots.hasFailed() && slots.member(slot) == null;
    }

    /** Takes a member for a current one that is not, since without it there is no array. */
    void takeOutdated(final Candidate candidate, final Candidate newest)
    {
        final Member member = candidate.member(candidate.ownRole());
        place(member, candidate.ownRole());
        log.add(ArrayEvent.Kind.ADDED, candidate.ownRole(), member + " is taken although it was failed, or away " +
            "(event " + candidate.events() + " of " + newest.events() + "): what was written after that may be old");
    }

    ArrayDescription array()
    {
        return array;
    }

    boolean isDegraded()
    {
        return slots.degraded() > 0;
    }

    private void measure(final Member member)
    {
        sectorBytes = Math.max(sectorBytes, member.device.geometry().sectorBytes());
        alignmentBytes = Math.max(alignmentBytes, member.device.geometry().alignmentBytes());
    }

    void requireRunnable(final boolean clean, final ArrayOptions how) throws RaidException
    {
        if (slots.hasFailed())
        {
            throw new RaidException(array.name() + " has " + Long.bitCount(slots.inSync()) + " of " +
                array.raidDisks() + " members, too few for " + array.level() + "; find the others" +
                slots.faulty().stream().map((member) -> ", " + member + " is out of date").reduce("",
                    String::concat) + (slots.faulty().isEmpty() || how.force() ? "" :
                    ", or force the start with what is out of date"));
        }
        if (!clean && slots.degraded() > 0 && array.level().hasParity() && !how.force() && !journal.isCurrent())
        {
            throw new RaidException(array.name() + " lacks " + slots.degraded() + " of " + array.raidDisks() +
                " members and was not stopped cleanly: what is missing may not be computable any more (the write " +
                "hole); find the missing members" + (journal.isOn() ? ", or the journal that was in use" : "") +
                ", or force the start and check the data");
        }
    }

    void adoptBitmap(final List<Candidate> current)
    {
        for (final Candidate candidate : current)
        {
            if (intent != null && candidate.found().bitmap().unusable().isEmpty())
            {
                intent.adopt(candidate.found().bitmap().bits(), candidate.found().bitmap().eventsCleared());
            }
        }
    }

    RaidArray start(final BitSet suspects, final boolean inStep, final boolean trustsAll)
    {
        final Membership.Context context = new Membership.Context(
            array, log, options.together(), options.epochSeconds());
        final boolean plain = layout.redundantStrips() == 0;
        journal.prepare();
        final Membership membership = new Membership(context, slots, intent, journal,
            new Membership.Start(events, numbers, inStep || plain || trustsAll || journal.isCurrent(),
                journal.isCurrent()));
        if (intent != null)
        {
            intent.report(membership);
            slots.known().forEach((member) ->
            {
                // a bit that only some members have would be taken for one that all of them have
                final int result = intent.writeAll(member);
                if (result < 0)
                {
                    membership.failedFlush(member, result);
                }
            });
        }
        if (isUneven)
        {
            membership.even();
        }
        membership.record(() -> { });
        final StepState steps = new StepState(
            intent, journal.isCurrent() ? new BitSet() : suspects, trustsAll || plain);
        final int sector = journal.isOn() ? StripeJournal.BLOCK_BYTES : sectorBytes;
        final RaidArray started = new RaidArray(context, layout,
            new Geometry(layout.sizeBytes(), sector, alignmentBytes), slots,
            new RaidArray.Protection(intent, journal, steps), membership);
        started.replayJournal();
        return started;
    }
}
