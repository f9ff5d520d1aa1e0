package io.farblock.blockdev.dirty;

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
 * What does a mark cost a writer, and a harvest of a map the tracker? The baseline sets the same bits in a plain array.
 * If a mark cost several times the baseline, marking threads would get maps of their own; if draining a sparse map
 * took longer than reading it through once, a summary level above the words would pay.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class DirtyMapBenchmark
{
    private static final long VOLUME_BYTES = 64L << 30;
    private static final long STRIDE_BYTES = 1_000_003L * DirtyMap.GRANULE_BYTES;

    /** Marks between two harvests: a quiet interval and a busy one. */
    @State(Scope.Thread)
    public static class Interval
    {
        @Param({"1000", "100000"})
        private int marks;
    }

    private DirtyMap live;
    private DirtyMap taken;
    private long[] plain;
    private long offsetBytes;

    /** Allocates the maps and touches every page of them. */
    @Setup
    public void allocate()
    {
        live = new DirtyMap(VOLUME_BYTES);
        taken = new DirtyMap(VOLUME_BYTES);
        live.mark(0, VOLUME_BYTES);
        live.drainTo(taken);
        plain = new long[(int)((live.granules() + 63) / 64)];
    }

    /** The baseline: no atomics, no range. */
    @Benchmark
    public long[] markPlainArray()
    {
        final long granule = nextOffset() / DirtyMap.GRANULE_BYTES;
        plain[(int)(granule / 64)] |= 1L << granule;
        return plain;
    }

    /** One 4 KiB write at a place far from the one before. */
    @Benchmark
    public DirtyMap markOneGranule()
    {
        live.mark(nextOffset(), DirtyMap.GRANULE_BYTES);
        return live;
    }

    /** All marks of an interval and their harvest. */
    @Benchmark
    public DirtyMap markAndDrain(final Interval interval)
    {
        for (int i = 0; i < interval.marks; i++)
        {
            live.mark(nextOffset(), DirtyMap.GRANULE_BYTES);
        }
        live.drainTo(taken);
        return taken;
    }

    private long nextOffset()
    {
        offsetBytes = (offsetBytes + STRIDE_BYTES) % VOLUME_BYTES;
        return offsetBytes;
    }
}
