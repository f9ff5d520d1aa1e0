package io.farblock.replication.array;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.DeviceBytes;
import io.farblock.blockdev.raid.RaidLevel;
import io.farblock.raidsim.array.ArrayEvent.Kind;
import io.farblock.raidsim.array.ArrayShape;
import io.farblock.raidsim.array.RaidException;
import io.farblock.replication.status.EpochResult;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An array that is written all the time, whose disks fail and come back all the time, and that is replicated all the
 * time. {@code -Drounds=N} makes N times as many epochs, {@code -Draid.seed=N} repeats what a failure names, as far as
 * threads repeat.
 */
class ArrayUnderLoadTest
{
    private static final int EPOCHS = 4;
    private static final int SLOTS = 5;
    private static final long PAUSE_NS = TimeUnit.MICROSECONDS.toNanos(500);

    private final long seed = Long.getLong("raid.seed", System.nanoTime());
    private final AtomicBoolean enough = new AtomicBoolean();
    private long writes;

    @TempDir
    private Path directory;

    @Test
    void shouldHaveTheReplicaRightWhenAllComesToRest() throws Exception
    {
        final ExecutorService threads = Executors.newFixedThreadPool(2);
        try (ReplicatedArray lab = new ReplicatedArray(
            directory, ArrayShape.of(RaidLevel.RAID6).withChunk(16384).withBitmap(65536), SLOTS))
        {
            final Future<?> writer = threads.submit(() -> write(lab));
            final Future<?> fate = threads.submit(() -> failAndMend(lab));
            for (int i = 0; i < EPOCHS * Math.max(1, Integer.getInteger("rounds", 1)); i++)
            {
                final EpochResult result = lab.epoch();
                assertThat(result.reason()).as("epoch %d of -Draid.seed=%d", i, seed).isEmpty();
            }
            enough.set(true);
            writer.get(30, TimeUnit.SECONDS);
            fate.get(30, TimeUnit.SECONDS);

            lab.settle();

            lab.epochSeals();
            assertThat(lab.status().array().reason()).as("-Draid.seed=%d", seed).isEqualTo("clean");
            assertThat(writes).isPositive();
            assertThat(lab.events(Kind.FAILED)).as("-Draid.seed=%d", seed).isNotEmpty();
        }
        finally
        {
            enough.set(true);
            threads.shutdown();
            assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    private void write(final ReplicatedArray lab)
    {
        final SplittableRandom random = new SplittableRandom(seed);
        // once at the least, however late this thread is
        do
        {
            final int from = random.nextInt(lab.holds.length / 512);
            final int sectors = Math.min(lab.holds.length / 512 - from, 1 + random.nextInt(100));
            lab.write(from * 512, DeviceBytes.pattern(random.nextLong(), sectors * 512));
            writes++;
            LockSupport.parkNanos(PAUSE_NS);
        }
        while (!enough.get());
    }

    /** One disk fails, or two do one after the other; both are brought back at some time of the rebuild. */
    private Void failAndMend(final ReplicatedArray lab) throws RaidException
    {
        final SplittableRandom random = new SplittableRandom(seed + 1);
        do
        {
            final int first = random.nextInt(SLOTS);
            final int second = (first + 1 + random.nextInt(SLOTS - 1)) % SLOTS;
            final boolean two = random.nextBoolean();
            lab.pull(first);
            lab.step();
            if (two)
            {
                lab.pull(second);
            }
            LockSupport.parkNanos(random.nextInt(20) * PAUSE_NS);
            bringBack(lab, first, random);
            if (two)
            {
                bringBack(lab, second, random);
            }
            lab.settle();
        }
        while (!enough.get());
        return null;
    }

    private static void bringBack(final ReplicatedArray lab, final int disk, final SplittableRandom random)
        throws RaidException
    {
        // the array learns of it at the latest now
        assertThat(lab.array.flush()).isZero();
        lab.plug(disk);
        for (int i = random.nextInt(20); i > 0; i--)
        {
            lab.step();
        }
    }
}
