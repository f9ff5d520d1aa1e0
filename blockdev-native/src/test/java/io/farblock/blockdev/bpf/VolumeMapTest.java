package io.farblock.blockdev.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farblock.blockdev.dirty.DirtyMap;
import io.farblock.blockdev.dirty.Gap;
import io.farblock.blockdev.dirty.GapCause;
import java.util.BitSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The arithmetic of a volume's map, on memory that no program writes: no root is needed. */
class VolumeMapTest
{
    private static final long GRANULES = 3 * 4096 + 100;
    private static final long SIZE_BYTES = GRANULES * DirtyMap.GRANULE_BYTES;

    private final DirtyLayout layout = DirtyLayout.of(SIZE_BYTES);
    private final MappedWords words = MappedWords.inMemory(layout.words());
    private final VolumeMap map = new VolumeMap(words, layout);
    private final DirtyMap epoch = new DirtyMap(SIZE_BYTES);

    @Test
    void shouldLayOutOneRegionAfterTheOther()
    {
        final DirtyLayout largest = DirtyLayout.of(DirtyLayout.MAX_BYTES);

        assertThat(layout.fineWords()).isEqualTo(194);
        assertThat(layout.groups()).isEqualTo(4);
        assertThat(layout.pending()).isEqualTo(Header.WORDS + 3);
        assertThat(layout.words()).isEqualTo(Header.WORDS + 3 + 16 + 4 + 194);
        assertThat(largest.words() * 8L).isBetween(2L << 30, 5L << 29);
        assertThat(Header.GAPS + GapCause.values().length * Header.GAP_WORDS).isLessThan(Header.WORDS);
        assertThatThrownBy(() -> DirtyLayout.of(DirtyLayout.MAX_BYTES + 1))
            .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldTakeWhatWasMarked()
    {
        final SplittableRandom random = new SplittableRandom(7);
        final BitSet expected = new BitSet();
        for (int i = 0; i < 50; i++)
        {
            final int first = random.nextInt((int)GRANULES);
            final int last = first + random.nextInt(Math.min(300, (int)GRANULES - first));
            map.mark(first, last);
            expected.set(first, last + 1);
        }

        map.drainTo(epoch);

        assertThat(TrackedLoop.granulesOf(epoch)).isEqualTo(expected.stream().mapToObj(Long::valueOf).toList());
        epoch.clear();
        map.drainTo(epoch);
        assertThat(epoch.count()).isZero();
    }

    @Test
    void shouldExpandTheUpperLevels()
    {
        words.or(layout.top(), 1L << 1 | 1L << 3);
        words.or(layout.coarse() + 2, 1L << 5);
        words.or(DirtyLayout.SUMMARY, 1L << 2);

        map.drainTo(epoch);

        assertThat(epoch.count()).isEqualTo(4096 + 100 + 64);
        assertThat(epoch.next(0)).isEqualTo(4096);
        assertThat(epoch.next(2 * 4096)).isEqualTo(2 * 4096 + 5 * 64);
        assertThat(epoch.next(GRANULES - 1)).isEqualTo(GRANULES - 1);
    }

    @Test
    void shouldBringBackWhatIsPendingAndWhatTheSummaryLost()
    {
        map.mark(100, 100);
        map.drainTo(epoch);
        map.mark(9000, 9000);
        words.or(layout.coarse() + 1, 1);
        // as a process leaves it that died after it had cleared the summary
        words.set(DirtyLayout.SUMMARY, 0);

        map.recover();

        epoch.clear();
        map.drainTo(epoch);
        assertThat(epoch.count()).isEqualTo(16 + 64 + 1);
        assertThat(epoch.next(0)).isEqualTo(96);
        assertThat(epoch.next(112)).isEqualTo(4096);
        assertThat(epoch.next(4096 + 64)).isEqualTo(9000);
    }

    @Test
    void shouldForgetWhatWasSealed()
    {
        map.mark(100, 5000);
        map.drainTo(epoch);
        map.forgetPending();

        map.recover();

        epoch.clear();
        map.drainTo(epoch);
        assertThat(epoch.count()).isZero();
    }

    @Test
    void shouldPutBackAnEpoch()
    {
        map.mark(0, GRANULES - 1);
        map.drainTo(epoch);

        map.putBack(epoch);

        epoch.clear();
        map.drainTo(epoch);
        assertThat(epoch.count()).isEqualTo(GRANULES);
    }

    @Test
    void shouldShowWhatIsMarkedAndWhatIsPendingWithoutTakingIt()
    {
        final long[] units = new long[4 * 5];
        map.mark(20, 20);
        map.mark(64 * 3, 64 * 5 - 1);
        map.drainTo(epoch);
        map.mark(4096 + 17, 4096 + 40);
        words.or(layout.coarse() + 1, 2);
        words.or(DirtyLayout.SUMMARY, 2);
        words.or(layout.top(), 4);

        map.peek(0, units);

        assertThat(units[0]).as("pending").isEqualTo(1L << 1 | 0xffL << 12);
        assertThat(units[4]).as("fine and coarse").isEqualTo(1L << 1 | 1L << 2 | 0xfL << 4);
        assertThat(units[8] & units[9] & units[10] & units[11]).as("top").isEqualTo(-1);
        assertThat(units[12] | units[16]).isZero();
        map.peek(1, units);
        assertThat(units[0]).as("from another group on").isEqualTo(1L << 1 | 1L << 2 | 0xfL << 4);
        epoch.clear();
        map.drainTo(epoch);
        assertThat(epoch.isMarked((4096 + 17) * 4096L, 1)).as("a look takes nothing").isTrue();
    }

    @Test
    void shouldKeepPendingInUnitsOf64KiB()
    {
        assertThat(DirtyLayout.pendingBits(0, 1)).isEqualTo(1);
        assertThat(DirtyLayout.pendingBits(1, 1L << 63)).isEqualTo(0x80);
        assertThat(DirtyLayout.pendingBits(17, -1)).isEqualTo(0xf0);
        assertThat(DirtyLayout.granuleBits(17, 0x90)).isEqualTo(0xffff_0000_0000_ffffL);
    }

    @Test
    void shouldKeepGapsOfOneCauseTogether()
    {
        final GapLedger ledger = new GapLedger(words, SIZE_BYTES);
        ledger.open(GapCause.FOREIGN_REQUEST, 10, 20);
        ledger.open(GapCause.FOREIGN_REQUEST, 30, 40);
        ledger.open(GapCause.BUSY_ATTACH, 5, 0);

        assertThat(ledger.list()).containsExactly(new Gap(GapCause.BUSY_ATTACH, 5, 0, 1, 0, SIZE_BYTES),
            new Gap(GapCause.FOREIGN_REQUEST, 10, 40, 2, 0, SIZE_BYTES));
        assertThat(ledger.close(ledger.list().get(0))).isFalse();
        assertThat(ledger.close(ledger.list().get(1))).isTrue();
        ledger.end(GapCause.BUSY_ATTACH, 50);
        assertThat(ledger.close(ledger.list().get(0))).isTrue();
        assertThat(ledger.list()).isEmpty();
    }
}
