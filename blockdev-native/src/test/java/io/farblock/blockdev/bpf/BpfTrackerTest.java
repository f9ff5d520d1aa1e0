package io.farblock.blockdev.bpf;

import static io.farblock.blockdev.DeviceBytes.pattern;
import static io.farblock.blockdev.dirty.DirtyMap.GRANULE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farblock.blockdev.DeviceBytes;
import io.farblock.blockdev.DeviceException;
import io.farblock.blockdev.LeakCheck;
import io.farblock.blockdev.dirty.Gap;
import io.farblock.blockdev.dirty.GapCause;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One volume on a whole loop device: what is marked, taken, given back, and found again by the next tracker. */
class BpfTrackerTest
{
    private static final long SIZE_BYTES = 20L << 30;

    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck("fb-");

    private final Cleanup cleanup = new Cleanup();
    private TrackedLoop loop;

    @BeforeEach
    void attach() throws IOException
    {
        loop = TrackedLoop.create(cleanup, SIZE_BYTES);
    }

    @AfterEach
    void cleanUp() throws IOException
    {
        cleanup.run();
    }

    @Test
    void shouldShowWhatTheLossOfTheMarksWouldLose()
    {
        final long[] units = new long[4];
        loop.bytes().write(3 * 65536, pattern(1, GRANULE_BYTES));
        loop.tracker().peek(0, units);
        assertThat(units[0]).isEqualTo(1L << 3);
        loop.harvest();
        loop.tracker().mark(SIZE_BYTES - 1, 100);
        loop.tracker().mark(5 * 65536 + 4096, 4096);

        loop.tracker().peek(0, units);
        assertThat(units[0]).as("harvested, not sealed, and marked by hand").isEqualTo(1L << 3 | 1L << 5);
        assertThat(loop.harvest()).containsExactly(5L * 16 + 1, SIZE_BYTES / GRANULE_BYTES - 1);
        loop.tracker().sealed();
        loop.tracker().peek(0, units);
        assertThat(units).containsOnly(0);
    }

    @Test
    void shouldHarvestExactlyWhatWasWritten()
    {
        loop.bytes().write(5 * GRANULE_BYTES, pattern(1, 2 * GRANULE_BYTES));
        loop.bytes().write(SIZE_BYTES - 512, pattern(1, 512));
        loop.device().discard(1000 * GRANULE_BYTES, 3 * GRANULE_BYTES);
        loop.device().zero(2000 * GRANULE_BYTES, GRANULE_BYTES);

        final List<Long> granules = loop.harvest();

        assertThat(granules).containsExactly(5L, 6L, 1000L, 1001L, 1002L, 2000L, SIZE_BYTES / GRANULE_BYTES - 1);
        assertThat(loop.harvest()).isEmpty();
    }

    @Test
    void shouldNotMarkReads()
    {
        new DeviceBytes(loop.device()).read(0, 1024 * 1024);

        final List<Long> granules = loop.harvest();

        assertThat(granules).isEmpty();
    }

    /** Ranges whose edges fall into every level, up to 5 GiB, which is several requests. */
    @Test
    void shouldMarkLongRangesExactly()
    {
        final long[][] ranges = {{63, 2}, {64, 64}, {100, 64 * 64}, {4095, 4098}, {8192, 4096}, {65535, 3 << 12},
            {262143, 262146}, {1, 5 << 18}, {0, 20 << 18}};
        for (final long[] range : ranges)
        {
            final int result = loop.device().discard(range[0] * GRANULE_BYTES, range[1] * GRANULE_BYTES);

            assertThat(result).isZero();
            assertThat(loop.harvest()).as("%d granules at %d", range[1], range[0])
                .isEqualTo(LongStream.range(range[0], range[0] + range[1]).boxed().toList());
        }
    }

    @Test
    void shouldBringBackAnEpochThatWasPutBack()
    {
        loop.bytes().write(77 * GRANULE_BYTES, pattern(1, GRANULE_BYTES));
        loop.tracker().harvest(loop.epoch());

        loop.tracker().putBack(loop.epoch());

        loop.epoch().clear();
        assertThat(loop.harvest()).containsExactly(77L);
    }

    @Test
    void shouldFindWhatWasWrittenWhileNobodyListened() throws IOException
    {
        loop.harvest();
        loop.tracker().close();
        loop.bytes().write(9 * GRANULE_BYTES, pattern(1, GRANULE_BYTES));

        loop.open();

        assertThat(loop.tracker().takenOver()).isTrue();
        assertThat(loop.harvest()).containsExactly(9L);
    }

    @Test
    void shouldBringBackWhatWasHarvestedAndNotSealedBeforeItDied() throws IOException
    {
        loop.bytes().write(9 * GRANULE_BYTES, pattern(1, GRANULE_BYTES));
        loop.harvest();
        loop.tracker().close();

        loop.open();

        // pending is kept in units of 64 KiB
        assertThat(loop.harvest()).isEqualTo(LongStream.range(0, 16).boxed().toList());
    }

    @Test
    void shouldNotBringBackWhatWasSealed() throws IOException
    {
        loop.bytes().write(9 * GRANULE_BYTES, pattern(1, GRANULE_BYTES));
        loop.harvest();
        loop.tracker().sealed();
        loop.tracker().close();

        loop.open();

        assertThat(loop.harvest()).isEmpty();
    }

    @Test
    void shouldKeepAGapUntilItIsComparedAlsoAcrossARestart() throws IOException
    {
        loop.tracker().close();
        loop.open();
        final List<Gap> gaps = loop.tracker().gaps();

        final boolean closed = loop.tracker().closeGap(gaps.get(0));

        assertThat(gaps).containsExactly(new Gap(GapCause.ATTACHED, 0, 1000, 1, 0, SIZE_BYTES));
        assertThat(closed).isTrue();
        assertThat(loop.tracker().gaps()).isEmpty();
    }

    @Test
    void shouldLeaveNothingBehindWhenItIsForgotten() throws IOException
    {
        loop.tracker().close();

        BpfTracker.forget(loop.pins(), TrackedLoop.VOLUME);

        try (var names = Files.list(loop.mountPoint().resolve("farblock")))
        {
            assertThat(names).isEmpty();
        }
        loop.open();
        assertThat(loop.tracker().takenOver()).isFalse();
    }

    @Test
    void shouldRefuseWhatIsNoBlockDevice() throws IOException
    {
        final Path file = Files.createTempFile("farblock", ".img");
        cleanup.add(() -> Files.delete(file));

        assertThatThrownBy(() -> BpfTracker.open(loop.pins(), "other", file, () -> 1))
            .isInstanceOf(DeviceException.class).hasMessageContaining("expected a block device");
        assertThatThrownBy(() -> BpfFileSystem.at(file.getParent()))
            .isInstanceOf(BpfException.class).hasMessageContaining("mount -t bpf bpf " + file.getParent());
    }
}
