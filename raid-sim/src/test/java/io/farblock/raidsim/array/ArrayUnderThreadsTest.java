package io.farblock.raidsim.array;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.raid.ArrayMember;
import io.farblock.blockdev.raid.MdArray;
import io.farblock.blockdev.raid.RaidLevel;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Writers that share all stripes but no sector, one thread that works, and one that fails, adds, replaces and scrubs:
 * every writer finds what it wrote, at any time, and at the end all members agree. {@code -Drounds=N} runs N times as
 * long; the seed makes the requests, not their interleaving, which no run repeats.
 */
class ArrayUnderThreadsTest
{
    private static final int WRITERS = 3;
    private static final int WRITES = 250;
    private static final int SECTOR = 512;
    private static final int MEMBER_BYTES = 128 * 1024;

    private ArrayLab lab;
    private volatile boolean over;
    private long seed;

    static Stream<Arguments> shapes()
    {
        return Stream.of(
            Arguments.of(ArrayShape.of(RaidLevel.RAID1).withBitmap(65536), 3),
            Arguments.of(ArrayShape.of(RaidLevel.RAID5).withChunk(4096).withBitmap(16384), 6),
            Arguments.of(ArrayShape.of(RaidLevel.RAID6).withChunk(8192), 5),
            Arguments.of(ArrayShape.of(RaidLevel.RAID10).withChunk(4096).withBitmap(4096), 4));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void shouldHoldWhatEachWriterWrote(final ArrayShape shape, final int slots) throws Exception
    {
        seed = Long.getLong("raid.seed", System.nanoTime());
        lab = new ArrayLab(slots + 1, MEMBER_BYTES);
        lab.create(shape, slots);
        final ExecutorService threads = Executors.newFixedThreadPool(WRITERS + 2);

        try
        {
            final List<Future<Void>> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++)
            {
                writers.add(threads.submit(writer(i)));
            }
            final Future<Void> worker = threads.submit(worker());
            final Future<Void> operator = threads.submit(operator());
            for (final Future<Void> writer : writers)
            {
                writer.get(120, TimeUnit.SECONDS);
            }
            over = true;
            worker.get(60, TimeUnit.SECONDS);
            operator.get(60, TimeUnit.SECONDS);
            compareMembers();
        }
        finally
        {
            over = true;
            threads.shutdownNow();
            lab.array.close();
        }
    }

    /** Owns every so manieth sector. */
    private Callable<Void> writer(final int mine)
    {
        final SplittableRandom random = new SplittableRandom(seed + mine);
        final int sectors = lab.size() / SECTOR / WRITERS;
        final long[] written = new long[sectors];
        return () ->
        {
            final ByteBuffer data = AlignedBuffers.allocate(SECTOR);
            final long writes = (long)WRITES * Integer.getInteger("rounds", 1);
            for (long value = 1; value <= writes && !over; value++)
            {
                final int at = random.nextInt(sectors);
                fill(data, value, mine);
                assertThat(lab.array.write(offset(at, mine), data, 0, SECTOR)).as("write, seed %d", seed)
                    .isEqualTo(SECTOR);
                written[at] = value;
                check(data, random.nextInt(sectors), mine, written);
                checkDescription();
            }
            for (int at = 0; at < sectors; at++)
            {
                check(data, at, mine, written);
            }
            return null;
        };
    }

    private static long offset(final int sector, final int mine)
    {
        return ((long)sector * WRITERS + mine) * SECTOR;
    }

    private static void fill(final ByteBuffer data, final long value, final int mine)
    {
        for (int i = 0; i < SECTOR; i += 8)
        {
            data.putLong(i, value == 0 ? 0 : value << 16 | (long)mine << 8 | i / 8);
        }
    }

    private void check(final ByteBuffer data, final int at, final int mine, final long[] written)
    {
        assertThat(lab.array.read(offset(at, mine), data, 0, SECTOR)).as("read, seed %d", seed).isEqualTo(SECTOR);
        final ByteBuffer expected = ByteBuffer.allocate(SECTOR).order(data.order());
        fill(expected, written[at], mine);
        assertThat(data).as("sector %d of writer %d, seed %d", at, mine, seed).isEqualTo(expected);
    }

    /** What it says of itself is of one moment, whatever happens to its members meanwhile. */
    private void checkDescription()
    {
        final MdArray now = lab.array.describe();
        // a replacement that is complete holds the same slot for a moment
        final long inSync = now.members(ArrayMember.Role.IN_SYNC).stream().map(ArrayMember::slot)
            .filter((slot) -> slot >= 0).distinct().count();
        assertThat(inSync + now.missingMembers()).as("%s, seed %d", now, seed).isEqualTo(now.raidDisks());
        assertThat(now.members().stream().map(ArrayMember::name)).as("%s, seed %d", now, seed).doesNotHaveDuplicates();
    }

    private Callable<Void> worker()
    {
        return () ->
        {
            for (long nowNs = 0; !over; nowNs += 100_000_000)
            {
                lab.array.work(nowNs);
            }
            return null;
        };
    }

    private Callable<Void> operator()
    {
        final SplittableRandom random = new SplittableRandom(~seed);
        return () ->
        {
            while (!over)
            {
                operate(random);
                lab.array.flush();
                lab.array.nextHole(0);
            }
            return null;
        };
    }

    private void operate(final SplittableRandom random) throws RaidException
    {
        final List<ArrayMember> failed = lab.array.describe().members(ArrayMember.Role.FAULTY);
        if (!failed.isEmpty())
        {
            final BlockDevice disk = lab.array.remove(failed.get(0).name());
            lab.array.add(disk);
        }
        final boolean isWhole = lab.array.describe().missingMembers() == 0 && !lab.array.describe().isFilling();
        final int slot = random.nextInt(lab.array.description().raidDisks());
        if (isWhole && random.nextInt(3) == 0)
        {
            lab.array.fail(slot);
        }
        else if (isWhole && !lab.array.describe().members(ArrayMember.Role.SPARE).isEmpty())
        {
            lab.array.replace(slot);
        }
        else if (random.nextInt(20) == 0)
        {
            lab.array.scrub(RaidArray.Scrub.CHECK);
        }
    }

    private void compareMembers() throws RaidException
    {
        lab.settle();
        lab.array.scrub(RaidArray.Scrub.CHECK);
        lab.settle();
        assertThat(lab.array.describe().mismatchSectors()).as("differences, seed %d, %s", seed, lab.array.events())
            .isZero();
    }
}
