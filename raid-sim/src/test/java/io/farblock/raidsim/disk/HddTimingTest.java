package io.farblock.raidsim.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A turning disk: slow where it has to go somewhere, fast where it goes on, and what its caches make of that. */
class HddTimingTest
{
    private static final long SIZE = 6_000_000_000_000L;
    private static final long BLOCK = 4096;
    private static final double MS = 1e6;

    private final HddModel model = (HddModel)DiskProfile.HDD.model();
    private final DiskTiming timing = model.start(0, SIZE, 1);
    private final SplittableRandom random = new SplittableRandom(7);
    private long nowNs;

    @Test
    void shouldTakeASeekAndHalfARevolutionForARandomRead()
    {
        for (int i = 0; i < 2_000; i++)
        {
            nowNs = timing.read(nowNs, random.nextLong(SIZE / BLOCK) * BLOCK, BLOCK);
        }

        assertThat(nowNs / MS / 2_000).isCloseTo(7.4 + 4.17 + 0.1, within(0.7));
    }

    @Test
    void shouldReadOnAtTheRateOfTheZone()
    {
        final double outer = sequentialRate(0);
        final double inner = sequentialRate(SIZE - 300_000_000L);

        assertThat(outer).isCloseTo(255, within(13.0));
        assertThat(inner).isCloseTo(120, within(6.0));
    }

    @Test
    void shouldGiveFromItsCacheWhatItReadAheadWhileIdle()
    {
        nowNs = timing.read(0, 0, 65_536) + (long)(20 * MS);

        final long doneNs = timing.read(nowNs, 65_536, 65_536);

        assertThat((doneNs - nowNs) / MS).isLessThan(0.3);
    }

    @Test
    void shouldReadNoFurtherAheadThanItsCacheAllowsHoweverLongItIsIdle()
    {
        nowNs = timing.read(0, 0, 65_536);
        for (int i = 0; i < 100; i++)
        {
            nowNs += (long)(20 * MS);
            timing.volatileBytes(nowNs);
        }

        final long doneNs = timing.read(nowNs, 65_536 + model.readAheadBytes() - 32_768, 65_536);

        assertThat((doneNs - nowNs) / 1e3).isBetween(228.0, 150 + 65_536 / 255.0);
    }

    @Test
    void shouldSeekLongerForALongerWay()
    {
        final DiskModel still = model.with(Map.of("rpm", 100_000L, "queueDepth", 1L));
        final double[] wayMs = new double[4];
        final long[] distances = {SIZE / 10_000, SIZE / 100, SIZE / 3, SIZE - BLOCK};
        for (int i = 0; i < distances.length; i++)
        {
            final DiskTiming fresh = still.start(0, SIZE, 1);
            final long startNs = fresh.read(0, 0, BLOCK);
            wayMs[i] = (fresh.read(startNs, distances[i], BLOCK) - startNs) / MS;
        }

        assertThat(wayMs).isSorted();
        assertThat(wayMs[0]).isBetween(0.3, 1.5);
        assertThat(wayMs[2]).isBetween(7.4, 8.3);
        assertThat(wayMs[3]).isBetween(15.0, 15.9);
    }

    @Test
    void shouldServeManyRequestsAtOnceFasterThanOneAfterTheOther()
    {
        long doneNs = 0;
        for (int i = 0; i < 320; i += 32)
        {
            final long startNs = doneNs;
            for (int j = 0; j < 32; j++)
            {
                doneNs = Math.max(doneNs, timing.read(startNs, random.nextLong(SIZE / BLOCK) * BLOCK, BLOCK));
            }
        }

        assertThat(doneNs / MS / 320).isBetween(4.0, 8.0);
    }

    @Test
    void shouldAcknowledgeWritesFromItsCacheAndPayForThemInTheFlush()
    {
        for (int i = 0; i < 100; i++)
        {
            nowNs = timing.write(nowNs, random.nextLong(SIZE / BLOCK) * BLOCK, BLOCK);
        }
        final double writesMs = nowNs / MS;

        final double flushMs = timing.flush(nowNs) / MS - writesMs;

        assertThat(writesMs).isLessThan(12);
        assertThat(flushMs).isBetween(300.0, 600.0);
        assertThat(timing.volatileBytes((long)((writesMs + flushMs) * MS))).isZero();
    }

    @Test
    void shouldWriteItsCacheWhileItIsIdle()
    {
        nowNs = timing.write(0, 0, 1_000_000);
        final long before = timing.volatileBytes(nowNs);

        final long after = timing.volatileBytes(nowNs + (long)(100 * MS));

        assertThat(before).isBetween(500_000L, 1_000_000L);
        assertThat(after).isZero();
    }

    @Test
    void shouldFallBackToTheMediumWhenTheCacheIsFull()
    {
        final DiskTiming small = model.with(Map.of("writeCacheBytes", 8_000_000L)).start(0, SIZE, 1);
        for (long at = 0; at < 500_000_000; at += 1_000_000)
        {
            nowNs = small.write(nowNs, at, 1_000_000);
        }

        assertThat(500 / (nowNs / 1e9)).isCloseTo(255, within(15.0));
        assertThat(small.volatileBytes(nowNs)).isLessThanOrEqualTo(8_000_000);
    }

    @Test
    void shouldWriteToTheMediumAtOnceWithoutACache()
    {
        final DiskTiming through = model.with(Map.of("writeCacheBytes", 0L)).start(0, SIZE, 1);
        for (int i = 0; i < 200; i++)
        {
            nowNs = through.write(nowNs, random.nextLong(SIZE / BLOCK) * BLOCK, BLOCK);
        }

        assertThat(nowNs / MS / 200).isBetween(10.0, 13.0);
        assertThat(through.volatileBytes(nowNs)).isZero();
    }

    @Test
    void shouldMissATurnBetweenWritesOfAStreamThatAreNotQueued()
    {
        final DiskModel through = model.with(Map.of("writeCacheBytes", 0L));
        final DiskTiming queued = through.start(0, SIZE, 1);
        final DiskTiming single = through.start(0, SIZE, 1);
        final long beganNs = queued.write(0, SIZE / 2, 65_536);
        long queuedNs = beganNs;
        for (long at = SIZE / 2 + 65_536; at <= SIZE / 2 + 100 * 65_536; at += 65_536)
        {
            queuedNs = queued.write(beganNs - 1_000_000, at, 65_536);
            nowNs = single.write(nowNs, at, 65_536);
        }

        assertThat(6.5536 / ((queuedNs - beganNs) / 1e9)).isCloseTo((255 + 120) / 2.0, within(10.0));
        assertThat(nowNs / MS / 100).isCloseTo(8.33, within(0.5));
    }

    /** Megabytes a second of 200 MB in pieces of 64 KiB. */
    private double sequentialRate(final long fromBytes)
    {
        final DiskTiming fresh = model.start(0, SIZE, 1);
        long atNs = fresh.read(0, fromBytes, 65_536);
        final long startNs = atNs;
        long at = fromBytes + 65_536;
        for (; at < fromBytes + 200_000_000; at += 65_536)
        {
            atNs = fresh.read(atNs, at, 65_536);
        }
        return (at - fromBytes) / 1e6 / ((atNs - startNs) / 1e9);
    }
}
