package io.farblock.raidsim.array;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.raid.ArrayMember;
import io.farblock.blockdev.raid.MdArray;
import io.farblock.blockdev.raid.RaidLevel;
import io.farblock.powersim.explore.BrokenPromise;
import io.farblock.powersim.explore.CrashComponent;
import io.farblock.powersim.explore.Media;
import io.farblock.powersim.explore.Witness;
import io.farblock.raidsim.layout.StripeLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * An array whose members all lose power. What was flushed is there; what is read once stays; after the resync the
 * members agree, and losing as many as the level bears changes no byte. Without a journal a degraded array with parity
 * may refuse to start, naming the write hole; wrong data it never gives. One thread.
 */
public abstract class ArrayComponent implements CrashComponent
{
    private static final UUID ID = new UUID(0x0123456789abcdefL, 0x8edcba9876543210L);
    private static final int MEMBER_BYTES = 16 * 1024 + 32 * 1024;
    private static final int JOURNAL_BYTES = 672 * 1024;
    private static final int STEPS = 14;

    private final String name;
    private final ArrayShape shape;
    private final int slots;
    private final boolean hasJournal;

    ArrayComponent(final String name, final ArrayShape shape, final int slots, final boolean hasJournal)
    {
        this.name = name;
        this.shape = shape;
        this.slots = slots;
        this.hasJournal = hasJournal;
    }

    /** Two mirrors. */
    public static final class Mirror extends ArrayComponent
    {
        public Mirror()
        {
            super("raid1", ArrayShape.of(RaidLevel.RAID1).withBitmap(8192), 2, false);
        }
    }

    /** Parity with a bitmap and without a journal. */
    public static final class Parity extends ArrayComponent
    {
        public Parity()
        {
            super("raid5", ArrayShape.of(RaidLevel.RAID5).withChunk(4096).withBitmap(8192), 3, false);
        }
    }

    /** Two parities and a journal. */
    public static final class Journaled extends ArrayComponent
    {
        public Journaled()
        {
            super("raid6-journal", ArrayShape.of(RaidLevel.RAID6).withChunk(4096), 4, true);
        }
    }

    /** The array is there. */
    private record Created()
    {
    }

    /** A write was asked for; it may be there or not, sector by sector. */
    private record Wrote(int offsetBytes, int lengthBytes)
    {
    }

    /** All writes that were answered before are durable. */
    private record Flushed()
    {
    }

    /** Somebody started it although stripes may be torn: nothing is promised of them any more. */
    private record Forced()
    {
    }

    /** Somebody read all, and each sector held what these writes had put there. */
    private record Seen(List<Long> writes)
    {
    }

    @Override
    public String name()
    {
        return name;
    }

    @Override
    public void run(final Media media, final Witness witness, final SplittableRandom random) throws Exception
    {
        final RaidArray array = Assembly.create(shape, "lab:1", ID, slots, members(media), options(media));
        witness.note(new Created());
        final StripeLayout layout = ArrayShape.layoutOf(array.description());
        final SectorHistory history = new SectorHistory(array.geometry().sizeBytes());
        long nowNs = 0;
        boolean failed = false;
        for (int step = 0; step < STEPS; step++)
        {
            final int what = random.nextInt(100);
            if (what < 45)
            {
                write(array, history, witness, random);
            }
            else if (what < 75)
            {
                nowNs += 1 + array.work(nowNs);
            }
            else if (what < 93)
            {
                check(array.flush() == 0, "flush failed");
                witness.note(new Flushed());
            }
            else if (!failed && layout.redundantStrips() > 0)
            {
                array.fail(random.nextInt(slots));
                failed = true;
            }
        }
    }

    @Override
    public void recover(final Media survived, final Witness witness) throws Exception
    {
        final RaidArray array;
        try
        {
            array = Assembly.open(members(survived), options(survived));
        }
        catch (final RaidException refused)
        {
            if (!witness.facts(Created.class).isEmpty())
            {
                refused(survived, witness, refused);
            }
            return;
        }
        final ByteBuffer found = readAll(array);
        if (witness.facts(Forced.class).isEmpty())
        {
            final SectorHistory history = history(array, witness);
            history.settle(found, "after the cut");
            witness.note(new Seen(history.settled()));
        }
        rest(array);
        check(readAll(array).equals(found), "the resync has changed what was read before it");
        compareMembers(array);
        loseAllThatItBears(array, found);
    }

    private void refused(final Media survived, final Witness witness, final RaidException refused) throws Exception
    {
        final boolean isWriteHole = String.valueOf(refused.getMessage()).contains("the write hole");
        check(isWriteHole && !hasJournal && shape.level().hasParity(), "refused for nothing: " + refused.getMessage());
        witness.note(new Forced());
        final RaidArray array = Assembly.open(members(survived), options(survived).withForce(true));
        check(array.describe().missingMembers() > 0, "refused although no member is missing: " + refused.getMessage());
    }

    private static void write(
        final RaidArray array, final SectorHistory history, final Witness witness, final SplittableRandom random)
        throws BrokenPromise
    {
        final int size = (int)array.geometry().sizeBytes();
        final int sector = array.geometry().sectorBytes();
        final int from = random.nextInt(size / sector) * sector;
        final int most = Math.max(sector, random.nextInt(3) == 0 ? 12 * 1024 : 3 * 1024);
        final int length = Math.min(size - from, (1 + random.nextInt(most / sector)) * sector);
        witness.note(new Wrote(from, length));
        check(array.write(from, history.next(from, length), 0, length) == length, "a write failed");
    }

    private static SectorHistory history(final RaidArray array, final Witness witness)
    {
        final SectorHistory history = new SectorHistory(array.geometry().sizeBytes());
        for (final Object fact : witness.facts())
        {
            if (fact instanceof Wrote wrote)
            {
                history.next(wrote.offsetBytes(), wrote.lengthBytes());
            }
            else if (fact instanceof Flushed)
            {
                history.flushed();
            }
            else if (fact instanceof Seen seen)
            {
                history.settled(seen.writes());
            }
        }
        return history;
    }

    private static void rest(final RaidArray array) throws BrokenPromise
    {
        long nowNs = 0;
        for (int i = 0; i < 100_000; i++)
        {
            final long waitNs = array.work(nowNs);
            nowNs += waitNs + 1;
            final MdArray now = array.describe();
            if (waitNs > 0 && !now.resyncPending() && !now.isFilling())
            {
                return;
            }
        }
        throw new BrokenPromise("the array never comes to rest: " + array.describe());
    }

    private static void compareMembers(final RaidArray array) throws Exception
    {
        if (array.describe().missingMembers() == 0)
        {
            array.scrub(RaidArray.Scrub.CHECK);
            rest(array);
            long nowNs = 0;
            while (array.describe().syncAction().equals("check"))
            {
                array.work(nowNs++);
            }
            check(array.describe().mismatchSectors() == 0,
                array.describe().mismatchSectors() + " sectors of the members do not agree: " + array.events());
        }
    }

    private static void loseAllThatItBears(final RaidArray array, final ByteBuffer before) throws Exception
    {
        final StripeLayout layout = ArrayShape.layoutOf(array.description());
        for (int slot = 0; slot < layout.slots(); slot++)
        {
            long left = 0;
            boolean isThere = false;
            for (final ArrayMember member : array.describe().members(ArrayMember.Role.IN_SYNC))
            {
                left |= member.slot() == slot ? 0 : 1L << member.slot();
                isThere |= member.slot() == slot;
            }
            if (isThere && layout.survives(left))
            {
                array.fail(slot);
            }
        }
        check(readAll(array).equals(before), "losing members changed what is read: " + array.events());
    }

    private static ByteBuffer readAll(final RaidArray array) throws BrokenPromise
    {
        final int size = (int)array.geometry().sizeBytes();
        final ByteBuffer all = AlignedBuffers.allocate(size);
        check(array.read(0, all, 0, size) == size, "the array cannot be read: " + array.events());
        return all;
    }

    private List<BlockDevice> members(final Media media)
    {
        final List<BlockDevice> members = new ArrayList<>();
        for (int i = 0; i < slots; i++)
        {
            members.add(media.device("member" + i, MEMBER_BYTES));
        }
        return members;
    }

    private ArrayOptions options(final Media media)
    {
        return ArrayOptions.of(() -> 1_000_000)
            .withJournal(hasJournal ? media.device("journal", JOURNAL_BYTES) : null);
    }

    private static void check(final boolean holds, final String otherwise) throws BrokenPromise
    {
        BrokenPromise.unless(holds, otherwise);
    }
}
