package io.farblock.raidsim.parity;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does a stripe's parity cost beside moving its data? One operation is a stripe of 8 strips of data of 64 KiB, so
 * GB/s of data are 524,288 / ns; the median is what a busy machine disturbs least. The baseline copies the same data
 * once, buffer to buffer. If P and Q, or two strips recovered, took more than 3.3 times the copy (less than 30 % of
 * its speed), an array would be bound by arithmetic rather than by memory; if vectors were no faster than longs, they
 * would go.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class ParityBenchmark
{
    private static final int DATA_STRIPS = 8;
    private static final int STRIP_BYTES = 64 << 10;

    @Param({"long", "vector"})
    private String arithmetic;

    private final ByteBuffer[] strips = new ByteBuffer[DATA_STRIPS + 2];
    private final ByteBuffer[] copies = new ByteBuffer[DATA_STRIPS];
    private ParityCode sum;
    private ParityCode both;

    /** Fills the strips and touches every page of the copies. */
    @Setup
    public void allocate()
    {
        final Random random = new Random(42);
        final byte[] content = new byte[STRIP_BYTES];
        for (int i = 0; i < strips.length; i++)
        {
            random.nextBytes(content);
            strips[i] = allocateStrip().put(0, content);
        }
        for (int i = 0; i < copies.length; i++)
        {
            copies[i] = allocateStrip().put(0, content);
        }
        final ColumnArithmetic chosen = ArithmeticChoice.AVAILABLE.stream()
            .filter((a) -> a.name().startsWith(arithmetic)).findFirst().orElseThrow();
        sum = new ParityCode(DATA_STRIPS, 1, chosen);
        both = new ParityCode(DATA_STRIPS, 2, chosen);
    }

    /** The baseline: the stripe's data, moved once. */
    @Benchmark
    public ByteBuffer[] copyData()
    {
        for (int i = 0; i < DATA_STRIPS; i++)
        {
            copies[i].put(0, strips[i], 0, STRIP_BYTES);
        }
        return copies;
    }

    /** RAID 5: a full stripe's P. */
    @Benchmark
    public ByteBuffer[] encodeP()
    {
        sum.encode(strips, 0, STRIP_BYTES);
        return strips;
    }

    /** RAID 6: a full stripe's P and Q. */
    @Benchmark
    public ByteBuffer[] encodePQ()
    {
        both.encode(strips, 0, STRIP_BYTES);
        return strips;
    }

    /** RAID 6: two of the eight strips of data from the six others, P and Q. */
    @Benchmark
    public ByteBuffer[] recoverTwoData()
    {
        both.recover(strips, 0b0010_0100, 0, STRIP_BYTES);
        return strips;
    }

    /** What a small write costs: 4 KiB of one strip. */
    @Benchmark
    public ByteBuffer[] updatePQ4KiB()
    {
        both.update(strips, 3, copies[0], 4096, 4096);
        return strips;
    }

    private static ByteBuffer allocateStrip()
    {
        return ByteBuffer.allocateDirect(STRIP_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }
}
