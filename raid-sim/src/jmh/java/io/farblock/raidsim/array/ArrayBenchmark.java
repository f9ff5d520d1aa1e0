package io.farblock.raidsim.array;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.MemoryBlockDevice;
import io.farblock.blockdev.raid.RaidLevel;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does a whole request to an array cost beside moving its bytes once? RAID 6 of 8 + 2 disks in memory, chunks of
 * 64 KiB; one operation is one stripe, 524,288 bytes of data. The baseline copies them to where a disk in memory would
 * have them. Where a full-stripe write, or a read of a stripe that lacks two data disks, takes more than 3.3 times the
 * copy (less than 30 % of its speed), the array's own work and not memory would be worth the next hour.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class ArrayBenchmark
{
    private static final int DATA_DISKS = 8;
    private static final int CHUNK_BYTES = 64 << 10;
    private static final int STRIPE_BYTES = DATA_DISKS * CHUNK_BYTES;
    private static final int STRIPES = 64;

    private final ByteBuffer stripe = AlignedBuffers.allocate(STRIPE_BYTES);
    private final ByteBuffer[] copies = new ByteBuffer[STRIPES];
    private RaidArray whole;
    private RaidArray degraded;
    private int next;

    /** Two arrays that hold data; one lacks the members of two data strips, whatever the stripe. */
    @Setup(Level.Trial)
    public void open() throws RaidException
    {
        final byte[] content = new byte[STRIPE_BYTES];
        new Random(42).nextBytes(content);
        stripe.put(0, content);
        whole = array();
        degraded = array();
        for (int i = 0; i < STRIPES; i++)
        {
            copies[i] = AlignedBuffers.allocate(STRIPE_BYTES).put(0, content);
        }
        degraded.fail(2);
        degraded.fail(5);
    }

    private RaidArray array() throws RaidException
    {
        final List<BlockDevice> disks = new ArrayList<>();
        for (int i = 0; i < DATA_DISKS + 2; i++)
        {
            disks.add(new MemoryBlockDevice("disk" + i, (2L + STRIPES) * CHUNK_BYTES + (1 << 20)));
        }
        final RaidArray array = Assembly.create(ArrayShape.of(RaidLevel.RAID6).withChunk(CHUNK_BYTES), "bench",
            new UUID(1, 2), disks.size(), disks, ArrayOptions.of(() -> 0));
        for (int i = 0; i < STRIPES; i++)
        {
            array.write((long)i * STRIPE_BYTES, stripe, 0, STRIPE_BYTES);
        }
        return array;
    }

    @TearDown(Level.Trial)
    public void close()
    {
        whole.close();
        degraded.close();
    }

    /** The baseline: the stripe's data, moved once. */
    @Benchmark
    public ByteBuffer copyData()
    {
        return copies[next()].put(0, stripe, 0, STRIPE_BYTES);
    }

    @Benchmark
    public int writeFullStripe()
    {
        return whole.write((long)next() * STRIPE_BYTES, stripe, 0, STRIPE_BYTES);
    }

    @Benchmark
    public int readWhole()
    {
        return whole.read((long)next() * STRIPE_BYTES, stripe, 0, STRIPE_BYTES);
    }

    /** Of ten members two are out: of every five stripes one lacks P or Q, the others one or two strips of data. */
    @Benchmark
    public int readWithoutTwoMembers()
    {
        return degraded.read((long)next() * STRIPE_BYTES, stripe, 0, STRIPE_BYTES);
    }

    /** What a small write costs: 4 KiB of one strip, read-modify-write. */
    @Benchmark
    public int write4KiB()
    {
        return whole.write((long)next() * STRIPE_BYTES + 8192, stripe, 0, 4096);
    }

    private int next()
    {
        next = (next + 1) % STRIPES;
        return next;
    }
}
