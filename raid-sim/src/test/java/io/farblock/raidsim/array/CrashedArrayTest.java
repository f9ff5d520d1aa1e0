package io.farblock.raidsim.array;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.raid.ArrayMember;
import io.farblock.blockdev.raid.MdArray;
import io.farblock.blockdev.raid.RaidLevel;
import io.farblock.raidsim.layout.StripeLayout;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Power cuts at any request of any member, with caches that keep, lose or tear what was not flushed. What was flushed
 * is there; after the resync the members agree, and losing as many as the level bears changes no byte. A member that
 * was out stays out. {@code -Drounds=N} makes N times as many; a failure names its seed.
 */
class CrashedArrayTest
{
    private static final int ROUNDS = 12;
    private static final int MENDED_SEEDS = 3;
    private static final int MOST_REQUESTS = 120;
    private static final int MEMBER_BYTES = 64 * 1024;

    private SplittableRandom random;
    private Rail rail;
    private RaidArray array;
    private StripeLayout layout;
    private SectorHistory history;
    private boolean hasJournal;
    private String when;
    private long nowNs;

    static Stream<Arguments> shapes()
    {
        return Stream.of(
            Arguments.of(ArrayShape.of(RaidLevel.RAID0).withChunk(4096), 3, false),
            Arguments.of(ArrayShape.of(RaidLevel.RAID5).withChunk(8192), 4, true),
            Arguments.of(ArrayShape.of(RaidLevel.RAID6).withChunk(16384).withBitmap(16384), 5, true),
            Arguments.of(ArrayShape.of(RaidLevel.RAID1), 2, false),
            Arguments.of(ArrayShape.of(RaidLevel.RAID1).withBitmap(8192), 3, false),
            Arguments.of(ArrayShape.of(RaidLevel.RAID5).withChunk(4096), 3, false),
            Arguments.of(ArrayShape.of(RaidLevel.RAID5).withChunk(8192).withBitmap(4096), 5, false),
            Arguments.of(ArrayShape.of(RaidLevel.RAID6).withChunk(16384), 5, false),
            Arguments.of(ArrayShape.of(RaidLevel.RAID6).withChunk(4096).withBitmap(16384), 4, false),
            Arguments.of(ArrayShape.of(RaidLevel.RAID10).withChunk(4096).withBitmap(8192), 4, false),
            Arguments.of(ArrayShape.of(RaidLevel.RAID10).withChunk(4096).withLayout(0x201).withBitmap(4096), 3, false));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void shouldHoldWhatWasFlushedAndAgreeAfterResync(
        final ArrayShape shape, final int slots, final boolean journaled) throws Exception
    {
        final long base = Long.getLong("raid.seed", System.nanoTime());
        final int rounds = Long.getLong("raid.seed") != null ? 1 : ROUNDS * Integer.getInteger("rounds", 1);

        for (int round = 0; round < rounds; round++)
        {
            live(shape, slots, journaled, base + round);
        }
    }

    /** Some cuts in the life of one array. */
    private void live(final ArrayShape shape, final int slots, final boolean journaled, final long seed)
        throws RaidException
    {
        create(shape, slots, journaled, seed);
        for (int cut = 0; cut < 3; cut++)
        {
            runUntilCut();
            rail.powerUp();
            if (!reopen())
            {
                return;
            }
            final ByteBuffer found = readAll();
            history.settle(found, when + ", after cut " + cut);
            if (cut < 2 && random.nextInt(3) == 0)
            {
                // the next cut comes before the resync has ended, or may
                continue;
            }
            rest();
            assertThat(readAll()).as("changed by the resync, %s, cut %d", when, cut).isEqualTo(found);
            compareMembers(cut);
        }
        loseAllThatItBears();
    }

    private void create(final ArrayShape shape, final int slots, final boolean journaled, final long seed)
        throws RaidException
    {
        random = new SplittableRandom(seed);
        when = "-Draid.seed=" + seed + " of " + shape + " on " + slots;
        rail = new Rail(slots + 1, ArrayLab.HEAD_BYTES + MEMBER_BYTES, seed);
        hasJournal = journaled;
        if (journaled)
        {
            // hardly more than two of the largest entries, so that it is full now and then
            rail.addJournal(672 * 1024);
        }
        array = Assembly.create(shape, "lab:1", ArrayLab.ID, slots, rail.handles(), options());
        layout = ArrayShape.layoutOf(array.description());
        history = new SectorHistory(array.geometry().sizeBytes());
        nowNs = 0;
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void shouldHoldWhereverTheNextCutComesWhileItIsMended(
        final ArrayShape shape, final int slots, final boolean journaled) throws Exception
    {
        for (int seed = 0; seed < MENDED_SEEDS * Integer.getInteger("rounds", 1); seed++)
        {
            int requests = 0;
            while (requests < MOST_REQUESTS && mendUntilCut(shape, slots, journaled, seed, requests))
            {
                requests++;
            }
        }
    }

    /** Once cut, the array does what it does by itself until so many requests later; says whether it was cut again. */
    private boolean mendUntilCut(final ArrayShape shape, final int slots, final boolean journaled, final long seed,
        final int requests) throws RaidException
    {
        create(shape, slots, journaled, seed);
        when += ", cut again after " + requests + " requests";
        runUntilCut();
        rail.powerUp();
        if (!reopen())
        {
            return false;
        }
        history.settle(readAll(), when);
        rail.cutAfter(requests);
        for (int i = 0; i < 200 && !rail.isCut(); i++)
        {
            nowNs += 1 + array.work(nowNs);
        }
        final boolean wasCut = rail.isCut();
        rail.powerUp();
        if (wasCut && reopen())
        {
            history.settle(readAll(), when);
            rest();
            compareMembers(1);
            loseAllThatItBears();
        }
        return wasCut;
    }

    private void runUntilCut() throws RaidException
    {
        rail.cutAfter(random.nextInt(random.nextBoolean() ? 40 : 400));
        while (!rail.isCut())
        {
            final int what = random.nextInt(100);
            if (what < 60)
            {
                write();
            }
            else if (what < 75)
            {
                nowNs += 1 + array.work(nowNs);
            }
            else if (what < 85)
            {
                if (array.flush() == 0 && !rail.isCut())
                {
                    history.flushed();
                }
            }
            else if (what < 87 && layout.redundantStrips() > 0)
            {
                fail();
            }
        }
    }

    private void write()
    {
        final int size = (int)array.geometry().sizeBytes();
        final int sector = array.geometry().sectorBytes();
        final int from = random.nextInt(size / sector) * sector;
        final int most = random.nextInt(4) == 0 ? 80 * 512 : 12 * 512;
        final int length = Math.min(size - from, (1 + random.nextInt(most / sector)) * sector);
        array.write(from, history.next(from, length), 0, length);
    }

    private void fail() throws RaidException
    {
        final MdArray now = array.describe();
        if (now.missingMembers() == 0 && !now.isFilling() && !now.resyncPending())
        {
            array.fail(random.nextInt(layout.slots()));
        }
    }

    /** All disks are given, also those that were out; says whether the array runs again. */
    private boolean reopen() throws RaidException
    {
        try
        {
            array = Assembly.open(rail.handles(), options());
            return true;
        }
        catch (final RaidException refused)
        {
            assertThat(refused).as(when).hasMessageContaining("the write hole");
            assertThat(layout.dataStrips() > 1 && !hasJournal).as("refused for nothing, %s", when).isTrue();
            array = Assembly.open(rail.handles(), options().withForce(true));
            assertThat(array.describe().missingMembers()).as(when).isPositive();
            return false;
        }
    }

    private ArrayOptions options()
    {
        return ArrayLab.options().withJournal(hasJournal ? rail.journal() : null);
    }

    private void rest()
    {
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
        throw new AssertionError("no rest: " + array.describe() + ", " + when);
    }

    private void compareMembers(final int cut) throws RaidException
    {
        if (layout.redundantStrips() > 0 && array.describe().missingMembers() == 0)
        {
            array.scrub(RaidArray.Scrub.CHECK);
            rest();
            while (array.describe().syncAction().equals("check"))
            {
                array.work(nowNs++);
            }
            assertThat(array.describe().mismatchSectors()).as("%s, cut %d, %s", when, cut, array.events()).isZero();
        }
    }

    private void loseAllThatItBears() throws RaidException
    {
        final ByteBuffer before = readAll();
        final int first = random.nextInt(layout.slots());
        for (int i = 0; i < layout.slots(); i++)
        {
            final int slot = (first + i) % layout.slots();
            long left = 0;
            for (final ArrayMember member : array.describe().members(ArrayMember.Role.IN_SYNC))
            {
                left |= member.slot() == slot ? 0 : 1L << member.slot();
            }
            final int each = slot;
            if (layout.survives(left) &&
                array.describe().members(ArrayMember.Role.IN_SYNC).stream().anyMatch((m) -> m.slot() == each))
            {
                array.fail(slot);
            }
        }
        assertThat(readAll()).as("after losing members, %s, %s", when, array.events()).isEqualTo(before);
    }

    private ByteBuffer readAll()
    {
        final int size = (int)array.geometry().sizeBytes();
        final ByteBuffer all = AlignedBuffers.allocate(size);
        assertThat(array.read(0, all, 0, size)).as(when).isEqualTo(size);
        return all;
    }

}
