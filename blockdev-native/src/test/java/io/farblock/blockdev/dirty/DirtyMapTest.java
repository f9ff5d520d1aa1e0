package io.farblock.blockdev.dirty;

import static io.farblock.blockdev.dirty.DirtyMap.GRANULE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farblock.blockdev.LeakCheck;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The bitmap of what changed: ranges, limits, and that no mark is lost between threads. */
class DirtyMapTest
{
    private static final long GRANULES = 1000;

    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck("marker");

    private final DirtyMap map = new DirtyMap(GRANULES * GRANULE_BYTES);

    @Test
    void shouldMarkEveryGranuleThatARangeTouches()
    {
        map.mark(2 * GRANULE_BYTES - 1, 2);

        final long marked = map.count();

        assertThat(marked).isEqualTo(2);
        assertThat(map.next(0)).isEqualTo(1);
        assertThat(map.next(2)).isEqualTo(2);
        assertThat(map.next(3)).isEqualTo(-1);
    }

    @Test
    void shouldMarkNothingForAnEmptyRange()
    {
        map.mark(4096, 0);

        final boolean marked = map.isMarked(4096, 4096);

        assertThat(marked).isFalse();
        assertThat(map.count()).isZero();
    }

    @Test
    void shouldCoverAPartialLastGranule()
    {
        final DirtyMap odd = new DirtyMap(3 * GRANULE_BYTES + 512);

        odd.mark(3 * GRANULE_BYTES, 512);

        assertThat(odd.granules()).isEqualTo(4);
        assertThat(odd.next(0)).isEqualTo(3);
    }

    @Test
    void shouldMarkAllAndClear()
    {
        map.mark(0, GRANULES * GRANULE_BYTES);
        final long all = map.count();

        map.clear();

        assertThat(all).isEqualTo(GRANULES);
        assertThat(map.count()).isZero();
        assertThat(map.next(0)).isEqualTo(-1);
    }

    @Test
    void shouldRefuseARangeThatItDoesNotCover()
    {
        final long end = GRANULES * GRANULE_BYTES;

        assertThatThrownBy(() -> map.mark(end, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> map.mark(-1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> map.mark(end - 1, Long.MAX_VALUE)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> map.mark(4096, Long.MAX_VALUE)).isInstanceOf(IllegalArgumentException.class);
        assertThat(map.count()).isZero();
    }

    @Test
    void shouldRefuseToDrainIntoAMapOfAnotherSizeAndKeepItsMarks()
    {
        final DirtyMap smaller = new DirtyMap(GRANULE_BYTES);
        map.mark((GRANULES - 1) * GRANULE_BYTES, 1);

        assertThatThrownBy(() -> map.drainTo(smaller)).isInstanceOf(IllegalArgumentException.class);

        assertThat(map.count()).isEqualTo(1);
    }

    @Test
    void shouldAgreeWithAReferenceOnRandomRanges()
    {
        final long seed = 20261121;
        final SplittableRandom random = new SplittableRandom(seed);
        final BitSet reference = new BitSet();

        for (int i = 0; i < 300; i++)
        {
            final long offset = random.nextLong(GRANULES * GRANULE_BYTES);
            final long length = 1 + random.nextLong(Math.min(200_000, GRANULES * GRANULE_BYTES - offset));
            final int first = (int)(offset / GRANULE_BYTES);
            final int last = (int)((offset + length - 1) / GRANULE_BYTES);
            assertThat(map.isMarked(offset, length)).as("seed %d, step %d", seed, i)
                .isEqualTo(reference.nextSetBit(first) >= 0 && reference.nextSetBit(first) <= last);
            if (i % 3 == 0)
            {
                map.mark(offset, length);
                reference.set(first, last + 1);
            }
        }

        assertThat(map.count()).isEqualTo(reference.cardinality());
        for (int granule = (int)map.next(0); granule >= 0; granule = (int)map.next(granule + 1))
        {
            assertThat(reference.get(granule)).isTrue();
        }
    }

    @Test
    void shouldMoveMarksAndKeepThoseOfTheTarget()
    {
        final DirtyMap target = new DirtyMap(GRANULES * GRANULE_BYTES);
        map.mark(0, 1);
        map.mark(500 * GRANULE_BYTES, 1);
        target.mark(GRANULE_BYTES, 1);

        map.drainTo(target);

        assertThat(map.count()).isZero();
        assertThat(target.count()).isEqualTo(3);
    }

    @Test
    void shouldFindFewMarksInALargeMapAgainAndAgain()
    {
        final long seed = 7;
        final SplittableRandom random = new SplittableRandom(seed);
        final long sizeBytes = (256L << 30) + 5 * GRANULE_BYTES;
        final DirtyMap large = new DirtyMap(sizeBytes);
        final DirtyMap target = new DirtyMap(sizeBytes);
        for (int round = 0; round < 4; round++)
        {
            final TreeSet<Long> reference = new TreeSet<>();
            for (int i = 0; i < 1000; i++)
            {
                final long granule = i == 0 ? large.granules() - 1 : random.nextLong(large.granules());
                large.mark(granule * GRANULE_BYTES, GRANULE_BYTES);
                reference.add(granule);
            }

            assertThat(granulesOf(large)).as("seed %d, round %d", seed, round).containsExactlyElementsOf(reference);
            assertThat(large.count()).isEqualTo(reference.size());
            target.clear();
            target.add(large);
            large.clear();
            assertThat(large.next(0)).isEqualTo(-1);
            target.drainTo(large);
            assertThat(target.next(0)).isEqualTo(-1);
            assertThat(granulesOf(large)).containsExactlyElementsOf(reference);
            large.clear();
        }
    }

    private static List<Long> granulesOf(final DirtyMap marked)
    {
        final List<Long> granules = new ArrayList<>();
        for (long granule = marked.next(0); granule >= 0; granule = marked.next(granule + 1))
        {
            granules.add(granule);
        }
        return granules;
    }

    @Test
    void shouldReachBeyondOneChunkOfTheMap()
    {
        final long sizeBytes = 3L << 40;
        final DirtyMap large = new DirtyMap(sizeBytes);

        large.mark((2L << 40) - 1, 2);
        large.mark(sizeBytes - 1, 1);

        assertThat(large.next(0)).isEqualTo((2L << 28) - 1);
        assertThat(large.next((2L << 28) + 1)).isEqualTo((3L << 28) - 1);
        assertThat(large.count()).isEqualTo(3);
    }

    /** Two threads mark each granule once while a third drains: every granule must arrive, however they interleave. */
    @Test
    void shouldLoseNoMarkWhileItIsDrained() throws InterruptedException
    {
        final DirtyMap harvested = new DirtyMap(GRANULES * GRANULE_BYTES);
        final DirtyMap round = new DirtyMap(GRANULES * GRANULE_BYTES);
        for (int repeat = 0; repeat < 200; repeat++)
        {
            final Thread even = new Thread(() -> markEverySecond(0), "marker-even");
            final Thread odd = new Thread(() -> markEverySecond(1), "marker-odd");
            even.start();
            odd.start();
            while (even.isAlive() || odd.isAlive())
            {
                map.drainTo(round);
                round.drainTo(harvested);
            }
            even.join();
            odd.join();
            map.drainTo(harvested);

            assertThat(harvested.count()).isEqualTo(GRANULES);
            harvested.clear();
        }
    }

    private void markEverySecond(final int first)
    {
        for (long granule = first; granule < GRANULES; granule += 2)
        {
            map.mark(granule * GRANULE_BYTES, GRANULE_BYTES);
        }
    }
}
