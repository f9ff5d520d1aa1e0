package io.farblock.replication.marks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farblock.blockdev.Errno;
import io.farblock.blockdev.MemoryBlockDevice;
import io.farblock.blockdev.dirty.Gap;
import io.farblock.blockdev.dirty.GapCause;
import io.farblock.raidsim.disk.DiskFault;
import io.farblock.raidsim.disk.FaultyDisk;
import java.util.BitSet;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A mark is on disk from the look that saw it until the look after its seal, through whatever happens to its epoch. */
class MarkKeeperTest
{
    private static final long SIZE_BYTES = 3L << 30;
    private static final UUID VOLUME = new UUID(1, 2);
    private static final UUID BOOT = new UUID(5, 6);

    private final FaultyDisk disk = new FaultyDisk(new MemoryBlockDevice("marks", MarkFile.bytes(SIZE_BYTES)));
    private final FakeMarks marks = new FakeMarks(SIZE_BYTES);
    private MarkKeeper keeper;

    @BeforeEach
    void open() throws Exception
    {
        final MarkFile file = new MarkFile(disk, VOLUME, SIZE_BYTES);
        file.read();
        keeper = new MarkKeeper(marks, file, BOOT);
    }

    @Test
    void shouldKeepAMarkFromItsLookUntilAfterItsSeal() throws Exception
    {
        marks.live.set(7);
        marks.live.set(40_000);
        assertThat(onDisk()).isEqualTo(bits());
        assertThat(keeper.keep(1)).isTrue();
        assertThat(onDisk()).isEqualTo(bits(7, 40_000));

        keeper.harvest(null);
        marks.live.set(9);
        keeper.keep(2);
        assertThat(onDisk()).as("harvested, not sealed").isEqualTo(bits(7, 9, 40_000));

        keeper.sealed();
        assertThat(onDisk()).as("until the next look").isEqualTo(bits(7, 9, 40_000));
        keeper.keep(3);

        assertThat(onDisk()).isEqualTo(bits(9));
    }

    @Test
    void shouldKeepWhatWasPutBack() throws Exception
    {
        marks.live.set(7);
        keeper.harvest(null);
        keeper.keep(1);
        keeper.putBack(null);

        keeper.keep(2);

        assertThat(onDisk()).isEqualTo(bits(7));
    }

    @Test
    void shouldWriteNothingWhenNothingChanged() throws Exception
    {
        assertThat(keeper.keep(1)).as("whose boot it is, at least").isTrue();
        disk.inject(new DiskFault.Loss(Errno.EIO));

        assertThat(keeper.keep(2)).isFalse();
        keeper.harvest(null);
        assertThat(keeper.keep(3)).isFalse();
    }

    @Test
    void shouldSayThatMarksDoNotTellAllWhileAGapIsOpen() throws Exception
    {
        final Gap gap = new Gap(GapCause.SKIPPED_RUNS, 1, 1, 1, 0, SIZE_BYTES);
        marks.gaps.add(gap);
        keeper.keep(1);
        assertThat(header().incomplete()).isEqualTo("the kernel skipped all copies of a program");
        assertThat(keeper.finish(2, new byte[32])).isFalse();
        keeper.closeGap(gap);

        assertThat(keeper.keep(3)).isTrue();

        assertThat(header().incomplete()).isEmpty();
    }

    @Test
    void shouldFinishOnlyWhenNothingIsMarkedAnyMore() throws Exception
    {
        marks.live.set(3);
        keeper.keep(1);
        marks.live.set(4);

        assertThat(keeper.finish(2, new byte[32])).isFalse();
        assertThat(header().clean()).isFalse();
        keeper.keep(3);
        assertThat(keeper.finish(4, new byte[32])).isTrue();
        assertThat(header().clean()).isTrue();
        assertThat(onDisk()).isEqualTo(bits(3, 4));
    }

    @Test
    void shouldWriteAllIntoAnotherFileAfterAWriteThatFailed() throws Exception
    {
        marks.live.set(3);
        disk.inject(new DiskFault.Loss(Errno.ENOSPC));
        assertThatThrownBy(() -> keeper.keep(1)).isInstanceOf(MarkException.class);
        final MemoryBlockDevice other = new MemoryBlockDevice("other", MarkFile.bytes(SIZE_BYTES));
        keeper.restart(() -> new MarkFile(other, VOLUME, SIZE_BYTES));

        assertThat(keeper.keep(2)).isTrue();

        final MarkFile again = new MarkFile(other, VOLUME, SIZE_BYTES);
        assertThat(again.read().boot()).isEqualTo(BOOT);
        assertThat(bitsOf(again)).isEqualTo(bits(3));
    }

    @Test
    void shouldLookNoMoreAfterItWasClosed() throws Exception
    {
        keeper.close();
        keeper.close();

        assertThat(keeper.keep(1)).isFalse();
        assertThat(marks.closed).isTrue();
    }

    private MarkHeader header() throws Exception
    {
        return new MarkFile(disk, VOLUME, SIZE_BYTES).read();
    }

    private BitSet onDisk() throws Exception
    {
        final MarkFile file = new MarkFile(disk, VOLUME, SIZE_BYTES);
        file.read();
        return bitsOf(file);
    }

    static BitSet bitsOf(final MarkFile file)
    {
        final BitSet found = new BitSet();
        final long[] words = new long[MarkFile.WORDS_PER_PAGE];
        for (int page = 0; page < file.pageCount(); page++)
        {
            file.get(page, words);
            final int first = page * MarkFile.WORDS_PER_PAGE * 64;
            BitSet.valueOf(words).stream().forEach(bit -> found.set(first + bit));
        }
        return found;
    }

    static BitSet bits(final int... units)
    {
        final BitSet bits = new BitSet();
        for (final int unit : units)
        {
            bits.set(unit);
        }
        return bits;
    }
}
