package io.farblock.replication.journal;

import io.farblock.blockdev.linux.FileSync;
import io.farblock.blockdev.AlignedBuffers;
import io.farblock.replication.wire.Frame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does keeping a frame cost, and what does making it durable cost? The baselines write the same bytes to a plain
 * file. Appends are many between seals, so an append that costs more than the plain write would be the stage's
 * bound; a dearer seal would only matter for epochs of a few blocks.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class JournalBenchmark
{
    private static final long FILE_BYTES = 1L << 30;

    @Param({"4096", "65536"})
    private int frameBytes;

    private final Frame envelope = new Frame();
    private Path directory;
    private ByteBuffer frame;
    private JournalSegment segment;
    private FileChannel channel;
    private int segments;

    /** A sealed frame. */
    @Setup
    public void fill() throws IOException
    {
        directory = Files.createTempDirectory("farblock-journal-bench");
        frame = AlignedBuffers.allocate(frameBytes);
        final byte[] bytes = new byte[frameBytes];
        new Random(1).nextBytes(bytes);
        frame.put(0, bytes);
        envelope.seal(new UnsafeBuffer(frame), frame, 0, frameBytes - Frame.BODY_OFFSET);
    }

    /** Files of their own for each iteration, so that none grows without bound. */
    @Setup(Level.Iteration)
    public void open() throws IOException
    {
        segment = JournalSegment.create(
            directory.resolve("segment-" + segments++), Long.MAX_VALUE / 2, 0, FileSync.KERNEL);
        channel = FileChannel.open(directory.resolve("plain"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    /** Removes them. */
    @TearDown(Level.Iteration)
    public void close() throws IOException
    {
        segment.delete();
        channel.close();
        Files.delete(directory.resolve("plain"));
    }

    /** Removes the directory. */
    @TearDown
    public void remove() throws IOException
    {
        Files.delete(directory);
    }

    /** The first baseline. */
    @Benchmark
    public long plainWrite() throws IOException
    {
        frame.clear();
        return channel.write(frame, channel.size() % FILE_BYTES);
    }

    /** The second baseline. */
    @Benchmark
    public long plainWriteAndForce() throws IOException
    {
        final long written = plainWrite();
        channel.force(false);
        return written;
    }

    /** What the apply stage does for each frame. */
    @Benchmark
    public int append()
    {
        return segment.append(frame, 0, frameBytes);
    }

    /** A segment's whole life, of an epoch of one frame: what it does once an epoch. */
    @Benchmark
    public int createSealAndDelete() throws IOException
    {
        final JournalSegment one = JournalSegment.create(directory.resolve("one"), FILE_BYTES, 0, FileSync.KERNEL);
        final int result = one.seal(frame, 0, frameBytes);
        one.delete();
        return result;
    }
}
