package io.farblock.replication.marks;

import io.farblock.blockdev.dirty.MarkedTracker;
import io.farblock.blockdev.raid.BootIntent;
import io.farblock.blockdev.raid.ByteRange;
import io.farblock.powersim.explore.BrokenPromise;
import io.farblock.powersim.explore.CrashComponent;
import io.farblock.powersim.explore.Media;
import io.farblock.powersim.explore.Witness;
import io.farblock.replication.MediaStorage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * The saved map of a volume, and the word that it is kept. When not everything is compared after a boot, all that was
 * written and not sealed is; and where the word was given, not everything is. The kernel's map is gone with each cut;
 * md's bitmap knows what was written since the last look began. One thread.
 */
public final class MarksComponent implements CrashComponent
{
    /** Three pages of marks. */
    private static final long SIZE_BYTES = 5L << 30;
    private static final int UNITS = (int)(SIZE_BYTES / MarkedTracker.UNIT_BYTES);
    private static final int STEPS = 16;
    private static final Path DEVICE = Path.of("/sim/volume");

    /** The machine starts; what the kernel knew is gone, and all writes of the last run are old. */
    private record Booted()
    {
    }

    /** All has to be compared, and nothing says yet that it was. */
    private record Uncompared()
    {
    }

    /** A unit of the volume was written. */
    private record Wrote(int unit)
    {
    }

    /** Of the first so many writes md's bitmap knows nothing any more. */
    private record Aged(int writes)
    {
    }

    /** The first so many writes are on the target. */
    private record Sealed(int writes)
    {
    }

    /** The word was given. */
    private record Promised()
    {
    }

    /** The word is about to be taken back, or not to be relied upon. */
    private record Unpromised()
    {
    }

    @Override
    public String name()
    {
        return "marks";
    }

    @Override
    public void run(final Media media, final Witness witness, final SplittableRandom random) throws Exception
    {
        final FakeMarks tracker = FakeMarks.booted(SIZE_BYTES);
        final VolumeMarks marks = boot(media, witness, tracker);
        for (int step = 0; step < STEPS; step++)
        {
            step(tracker, marks, witness, random);
        }
    }

    @Override
    public void recover(final Media survived, final Witness witness) throws Exception
    {
        final SplittableRandom random = new SplittableRandom(witness.facts().size());
        final FakeMarks tracker = FakeMarks.booted(SIZE_BYTES);
        final VolumeMarks marks = boot(survived, witness, tracker);
        // nobody keeps the map of this run until md's bitmap has forgotten a write: the old word must be gone by then
        write(tracker, witness, random);
        witness.note(new Aged(witness.facts(Wrote.class).size()));
        step(tracker, marks, witness, random);
        step(tracker, marks, witness, random);
    }

    private static VolumeMarks boot(final Media media, final Witness witness, final FakeMarks tracker) throws Exception
    {
        final FakeBoot boot = new FakeBoot();
        boot.boot = new UUID(0, 1 + witness.facts(Booted.class).size());
        boot.intent = intent(witness);
        final boolean promised = isPromised(witness);
        // whoever starts takes the word back, and may be cut off before it has done anything else
        witness.note(new Unpromised());
        final VolumeMarks marks = new VolumeMarks(
            new MediaStorage(media, boot), media.directory().resolve("volume"), "v", DEVICE);
        marks.follow(tracker);
        check(tracker, witness, promised);
        if (!tracker.gaps.isEmpty())
        {
            witness.note(new Uncompared());
        }
        witness.note(new Booted());
        return marks;
    }

    private static void write(final FakeMarks tracker, final Witness witness, final SplittableRandom random)
    {
        final int unit = random.nextInt(UNITS);
        tracker.mark((long)unit * MarkedTracker.UNIT_BYTES, MarkedTracker.UNIT_BYTES);
        witness.note(new Wrote(unit));
    }

    private static void step(
        final FakeMarks tracker, final VolumeMarks marks, final Witness witness, final SplittableRandom random)
        throws Exception
    {
        final int writes = witness.facts(Wrote.class).size();
        switch (random.nextInt(8))
        {
            case 0, 1, 2 -> write(tracker, witness, random);
            case 3, 4, 5 ->
            {
                final boolean kept = marks.keep();
                // a second or two later
                witness.note(new Aged(writes));
                if (kept)
                {
                    marks.promise();
                    witness.note(new Promised());
                }
            }
            case 6 ->
            {
                tracker.harvest(null);
                // what is compared with the target is what is marked: the gap is closed by an epoch, too
                witness.note(new Sealed(writes));
                tracker.sealed();
                tracker.gaps.clear();
            }
            default ->
            {
                witness.note(new Unpromised());
                marks.takeBack();
                witness.note(new Aged(writes));
            }
        }
    }

    private static void check(final FakeMarks tracker, final Witness witness, final boolean promised)
        throws BrokenPromise
    {
        if (!tracker.gaps.isEmpty())
        {
            BrokenPromise.unless(!promised,
                "the map was kept, and yet everything is to be compared");
            return;
        }
        BrokenPromise.unless(isCompared(witness),
            "only what is marked is compared, although nothing was ever compared since tracking began anew");
        final BitSet missing = unsealed(witness);
        missing.andNot(tracker.live);
        BrokenPromise.unless(missing.isEmpty(), "units " + missing + " were written and not sealed, and would not be " +
            "compared");
    }

    /** Whether the word holds for a map that says nothing of a compare that is due. */
    private static boolean isPromised(final Witness witness)
    {
        boolean compared = false;
        boolean promised = false;
        for (final Object fact : witness.facts())
        {
            compared = fact instanceof Sealed || compared && !(fact instanceof Uncompared);
            promised = fact instanceof Promised && compared ||
                promised && !(fact instanceof Unpromised || fact instanceof Booted);
        }
        return promised;
    }

    /** Whether an epoch followed the last time that everything was to be compared. */
    private static boolean isCompared(final Witness witness)
    {
        boolean compared = false;
        for (final Object fact : witness.facts())
        {
            compared = fact instanceof Sealed || compared && !(fact instanceof Uncompared);
        }
        return compared;
    }

    private static BitSet unsealed(final Witness witness)
    {
        final int sealed = witness.newest(Sealed.class, new Sealed(0)).writes();
        final BitSet units = new BitSet();
        witness.facts(Wrote.class).stream().skip(sealed).forEach(wrote -> units.set(wrote.unit()));
        return units;
    }

    private static BootIntent intent(final Witness witness)
    {
        final int aged = witness.newest(Aged.class, new Aged(0)).writes();
        final List<ByteRange> ranges = new ArrayList<>();
        witness.facts(Wrote.class).stream().skip(aged).forEach(wrote -> ranges.add(
            new ByteRange((long)wrote.unit() * MarkedTracker.UNIT_BYTES, MarkedTracker.UNIT_BYTES)));
        return new BootIntent(ranges, 5, "");
    }
}
