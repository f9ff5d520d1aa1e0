package io.farblock.raidsim.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Flash: many reads at once, fast writes until the fast part is full, and pauses to collect garbage. */
class FlashTimingTest
{
    private static final long SIZE = 1_000_000_000_000L;
    private static final int BLOCK = 4096;
    private static final long MB = 1_000_000;

    private long nowNs;

    @Test
    void shouldReadAsManyBlocksASecondAsTheMakerSays()
    {
        assertThat(readsPerSecond(DiskProfile.SSD, 1)).isCloseTo(11_000, within(600.0));
        assertThat(readsPerSecond(DiskProfile.SSD, 32)).isCloseTo(98_000, within(5_000.0));
        assertThat(readsPerSecond(DiskProfile.SSD_SERVER, 32)).isCloseTo(72_000, within(4_000.0));
        assertThat(readsPerSecond(DiskProfile.NVME, 1)).isCloseTo(19_000, within(1_000.0));
        assertThat(readsPerSecond(DiskProfile.NVME_SERVER, 256)).isCloseTo(490_000, within(25_000.0));
    }

    @Test
    void shouldWriteFastUntilTheFastPartIsFullAndSlowlyFromThen()
    {
        final DiskTiming timing = quiet(DiskProfile.SSD, Map.of()).start(0, SIZE, 1);

        final double first = writeRate(timing, 30_000 * MB);
        writeRate(timing, 30_000 * MB);
        final double then = writeRate(timing, 10_000 * MB);

        assertThat(first).isCloseTo(530, within(15.0));
        assertThat(then).isCloseTo(80, within(4.0));
    }

    @Test
    void shouldBeFastAgainAfterARest()
    {
        final DiskTiming timing = quiet(DiskProfile.SSD, Map.of("fastBytes", 1_000 * MB)).start(0, SIZE, 1);
        writeRate(timing, 3_000 * MB);
        nowNs += 60_000_000_000L;

        final double rested = writeRate(timing, 900 * MB);

        assertThat(rested).isGreaterThan(500);
    }

    @Test
    void shouldStopForGarbageOnceInSoManyBytesOnAverage()
    {
        final DiskModel busy = DiskProfile.SSD_SERVER.model()
            .with(Map.of("collectEveryBytes", 100 * MB, "collectNs", 50_000_000L));
        final DiskTiming timing = busy.start(0, SIZE, 3);
        int pauses = 0;
        for (int i = 0; i < 20_000; i++)
        {
            final long doneNs = timing.write(nowNs, 0, 1_000_000);
            pauses += doneNs - nowNs > 20_000_000 ? 1 : 0;
            nowNs = doneNs;
        }

        assertThat(pauses).isBetween(170, 230);
    }

    @Test
    void shouldHoldUpReadsWhileItCollects()
    {
        final DiskModel busy = DiskProfile.SSD_SERVER.model()
            .with(Map.of("collectEveryBytes", MB, "collectNs", 50_000_000L));
        final DiskTiming timing = busy.start(0, SIZE, 3);
        timing.write(0, 0, 2 * MB);

        final long doneNs = timing.read(0, 0, BLOCK);

        assertThat(doneNs).isGreaterThan(25_000_000);
    }

    @Test
    void shouldRepeatItselfUnderTheSameSeedOnly()
    {
        final long[] ends = new long[3];
        final long[] seeds = {5, 5, 6};
        for (int i = 0; i < 3; i++)
        {
            final DiskTiming timing = DiskProfile.NVME.model().start(0, SIZE, seeds[i]);
            nowNs = 0;
            writeRate(timing, 50_000 * MB);
            ends[i] = nowNs;
        }

        assertThat(ends[0]).isEqualTo(ends[1]).isNotEqualTo(ends[2]);
    }

    @Test
    void shouldLoseItsBufferUnlessCapacitorsProtectIt()
    {
        final DiskTiming open = DiskProfile.NVME.model().start(0, SIZE, 1);
        final DiskTiming safe = DiskProfile.NVME_SERVER.model().start(0, SIZE, 1);

        final long openNs = open.write(0, 0, 64 * MB);
        final long safeNs = safe.write(0, 0, 64 * MB);

        assertThat(open.volatileBytes(0)).isEqualTo(64 * MB);
        assertThat(safe.volatileBytes(0)).isZero();
        assertThat(safe.flush(safeNs) - safeNs).isLessThan(100_000);
        assertThat(open.flush(openNs) - openNs).isGreaterThan(700_000);
        assertThat(open.volatileBytes(openNs)).isZero();
    }

    private double readsPerSecond(final DiskProfile profile, final int depth)
    {
        final DiskTiming timing = profile.model().start(0, SIZE, 1);
        final SplittableRandom random = new SplittableRandom(1);
        final long[] doneNs = new long[depth];
        final int count = 20_000;
        long endNs = 0;
        for (int i = 0; i < count; i++)
        {
            doneNs[i % depth] = timing.read(doneNs[i % depth], random.nextLong(SIZE / BLOCK) * BLOCK, BLOCK);
            endNs = Math.max(endNs, doneNs[i % depth]);
        }
        return count / (endNs / 1e9);
    }

    /** Megabytes a second. */
    private double writeRate(final DiskTiming timing, final long lengthBytes)
    {
        final long startNs = nowNs;
        for (long at = 0; at < lengthBytes; at += MB)
        {
            nowNs = timing.write(nowNs, at, MB);
        }
        return lengthBytes / 1e6 / ((nowNs - startNs) / 1e9);
    }

    private static DiskModel quiet(final DiskProfile profile, final Map<String, Long> changes)
    {
        return profile.model().with(Map.of("collectEveryBytes", 0L)).with(changes);
    }
}
