package io.farblock.replication.wire;

import io.farblock.blockdev.AlignedBuffers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does a level cost per 64 KiB block, and what do blocks cost that cannot be compressed? The baseline copies the
 * block. If an incompressible block cost more than a copy, its samples would have to become fewer.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class BlockCodecBenchmark
{
    private static final int BLOCK_BYTES = 64 * 1024;

    @Param({"-5", "1", "3"})
    private int level;

    @Param({"words", "random"})
    private String content;

    private ByteBuffer block;
    private ByteBuffer frame;
    private BlockCodec codec;

    /** One block of that content. */
    @Setup
    public void fill()
    {
        block = AlignedBuffers.allocate(BLOCK_BYTES);
        frame = AlignedBuffers.allocate(BlockCodec.frameBytes(BLOCK_BYTES));
        codec = new BlockCodec(level);
        final Random random = new Random(1);
        final byte[] bytes = new byte[BLOCK_BYTES];
        random.nextBytes(bytes);
        for (int at = 0; "words".equals(content) && at < bytes.length - 8;)
        {
            final byte[] word = Long.toString(random.nextInt(5000), 36).getBytes(StandardCharsets.UTF_8);
            System.arraycopy(word, 0, bytes, at, word.length);
            bytes[at + word.length] = ' ';
            at += word.length + 1;
        }
        block.put(0, bytes);
    }

    /** Frees the compressor. */
    @TearDown
    public void close()
    {
        codec.close();
    }

    /** The baseline. */
    @Benchmark
    public ByteBuffer copy()
    {
        return frame.put(0, block, 0, BLOCK_BYTES);
    }

    /** What the compress stage does; the result is the payload's length. */
    @Benchmark
    public int encode()
    {
        return codec.encode(block, 0, BLOCK_BYTES, frame);
    }
}
