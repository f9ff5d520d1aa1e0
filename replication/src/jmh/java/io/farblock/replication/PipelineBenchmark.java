package io.farblock.replication;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.Handle;
import io.farblock.blockdev.MemoryBlockDevice;
import io.farblock.replication.merkle.Digest;
import io.farblock.replication.paths.NettyNetwork;
import io.farblock.replication.paths.PathConfig;
import io.farblock.replication.paths.PathMode;
import io.farblock.replication.paths.PathSecurity;
import io.farblock.replication.shaping.PeerLimits;
import io.farblock.replication.source.SourceConfig;
import io.farblock.replication.source.SourceRuntime;
import io.farblock.replication.source.SourceSite;
import io.farblock.replication.status.EpochResult;
import io.farblock.replication.target.TargetConfig;
import io.farblock.replication.target.TargetRuntime;
import io.farblock.replication.target.TargetSite;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.agrona.IoUtil;
import org.agrona.concurrent.SystemNanoClock;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What do both pipelines together carry when no disk is in the way? Source and target in this process, on memory
 * devices, over two loopback connections; each call is an epoch in which all 128 MiB changed. The baseline hashes the
 * same bytes twice, as both ends must. If an epoch of random data took much more than the baseline spread over the
 * cores, the stages would be waiting for each other rather than working.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 6)
@Measurement(iterations = 8)
@Fork(1)
public class PipelineBenchmark
{
    private static final int VOLUME_BYTES = 128 << 20;

    @Param({"random", "half"})
    private String content;

    private final Map<Path, BlockDevice> devices = new ConcurrentHashMap<>();
    private final ByteBuffer chunk = AlignedBuffers.allocate(1 << 20);
    private final Random random = new Random(1);
    private Path directory;
    private SourceSite source;
    private TargetSite target;

    /** Both sites, one group, one volume. */
    @Setup
    public void launch() throws IOException
    {
        directory = Files.createTempDirectory("farblock-pipeline-bench");
        final InetSocketAddress first = FreeAddress.find();
        final InetSocketAddress second = FreeAddress.find();
        target = new TargetSite(
            new TargetConfig("beta", directory.resolve("beta"), List.of(first, second),
                List.of(new TargetConfig.Replica("alpha", "g", "v", Path.of("/replica"), "")),
                1L << 30, 0, 2, 32 << 20, 65536),
            new TargetRuntime(
                new NettyNetwork("tgt-paths", PathSecurity.PLAINTEXT), new InMemory(), SystemNanoClock.INSTANCE, 1))
            .launch();
        source = new SourceSite(
            new SourceConfig("alpha", directory.resolve("alpha"), "beta",
                List.of(new PathConfig("first", null, first), new PathConfig("second", null, second)),
                PathMode.STRIPE, PeerLimits.NONE,
                List.of(new SourceConfig.Group("g", List.of(
                    new SourceConfig.Volume("v", Path.of("/volume"), 65536)))),
                1, 2, 32 << 20),
            new SourceRuntime(new NettyNetwork("src-paths", PathSecurity.PLAINTEXT), new InMemory(),
                new LinuxQuiesce(List.of(), SystemNanoClock.INSTANCE), SystemNanoClock.INSTANCE,
                random::nextLong, now -> 0))
            .launch();
    }

    /** Other content in every block. */
    @Setup(Level.Invocation)
    public void change()
    {
        final BlockDevice volume = devices.computeIfAbsent(
            Path.of("/volume"), path -> new Handle(new MemoryBlockDevice("/volume", VOLUME_BYTES)));
        final byte[] bytes = new byte[chunk.capacity()];
        random.nextBytes(bytes);
        for (int at = 0; "half".equals(content) && at < bytes.length; at += 8192)
        {
            Arrays.fill(bytes, at, at + 4096, bytes[at]);
        }
        for (int offset = 0; offset < VOLUME_BYTES; offset += chunk.capacity())
        {
            for (int block = 0; block < bytes.length; block += 65536)
            {
                bytes[block] = (byte)random.nextInt();
                bytes[block + 1] = (byte)random.nextInt();
            }
            chunk.put(0, bytes);
            volume.write(offset, chunk, 0, chunk.capacity());
        }
    }

    /** Stops both and removes what they kept. */
    @TearDown
    public void close()
    {
        source.close();
        target.close();
        IoUtil.delete(directory.toFile(), true);
    }

    /** The baseline: the hashing that both ends cannot do without. */
    @Benchmark
    public byte[] hashTwice()
    {
        final byte[] digest = new byte[32];
        final Digest hash = new Digest();
        for (int i = 0; i < 2 * VOLUME_BYTES / chunk.capacity(); i++)
        {
            chunk.clear();
            hash.of(chunk, digest);
        }
        return digest;
    }

    /** One epoch, from harvest to applied. */
    @Benchmark
    public EpochResult epoch() throws Exception
    {
        final EpochResult result = source.epochNow("g").get(60, TimeUnit.SECONDS);
        if (!result.sealed() || result.changedBytes() != VOLUME_BYTES)
        {
            throw new IllegalStateException("not what is to be measured: " + result);
        }
        return result;
    }

    /** Memory devices by name. */
    private final class InMemory implements Storage
    {
        @Override
        public BlockDevice openSource(final Path device)
        {
            return devices.get(device);
        }

        @Override
        public BlockDevice openReplica(final Path device, final long sizeBytes)
        {
            return devices.computeIfAbsent(
                device, path -> new Handle(new MemoryBlockDevice(path.toString(), sizeBytes)));
        }

        @Override
        public boolean isMissing(final Path device)
        {
            return !devices.containsKey(device);
        }

        @Override
        public BlockDevice openTable(final Path file, final long sizeBytes, final boolean fresh)
        {
            return openReplica(file, sizeBytes);
        }
    }
}
