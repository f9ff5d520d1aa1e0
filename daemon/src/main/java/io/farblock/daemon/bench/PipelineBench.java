package io.farblock.daemon.bench;

import io.farblock.daemon.demo.LoopbackPort;
import io.farblock.replication.paths.PathConfig;
import io.farblock.replication.paths.PathMode;
import io.farblock.replication.paths.PathSecurity;
import io.farblock.replication.shaping.PeerLimits;
import io.farblock.replication.source.SourceConfig;
import io.farblock.replication.source.SourceSite;
import io.farblock.replication.status.EpochResult;
import io.farblock.replication.status.SourceStatus.StageStatus;
import io.farblock.replication.target.TargetConfig;
import io.farblock.replication.target.TargetSite;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/**
 * A full epoch from one image to another, both in a temporary directory, source and target in this process with two
 * loopback paths between them. The caller's thread waits; the engines have their own.
 */
public final class PipelineBench
{
    private static final String GROUP = "bench";
    private static final String VOLUME = "disk";
    private static final int WINDOW_BYTES = 32 << 20;
    private static final int BLOCK_BYTES = 64 << 10;

    private final PipelineData data;
    private final long sizeBytes;
    private final int compressionLevel;

    /** @param sizeBytes of the volume; a file that is given is repeated or cut to it. */
    public PipelineBench(final PipelineData data, final long sizeBytes, final int compressionLevel)
    {
        this.data = data;
        this.sizeBytes = sizeBytes;
        this.compressionLevel = compressionLevel;
    }

    /** Measures in a directory of its own under {@code parent}, which is gone afterwards. */
    public PipelineReport run(final Path parent) throws IOException, InterruptedException
    {
        final Path directory = Files.createTempDirectory(parent, "farblock-bench");
        try
        {
            final Path image = directory.resolve("source.img");
            data.write(image, sizeBytes);
            return run(directory, image);
        }
        finally
        {
            delete(directory);
        }
    }

    private PipelineReport run(final Path directory, final Path image) throws IOException, InterruptedException
    {
        final List<InetSocketAddress> listen = addresses();
        final int cores = Runtime.getRuntime().availableProcessors();
        final TargetConfig targetConfig = new TargetConfig("beta", directory.resolve("beta"), listen,
            List.of(new TargetConfig.Replica("alpha", GROUP, VOLUME, directory.resolve("replica.img"), "")),
            2 * sizeBytes, 1, cores, WINDOW_BYTES, BLOCK_BYTES);
        final SourceConfig sourceConfig = new SourceConfig("alpha", directory.resolve("alpha"), "beta",
            List.of(new PathConfig("first", null, listen.get(0)), new PathConfig("second", null, listen.get(1))),
            PathMode.STRIPE, PeerLimits.NONE,
            List.of(new SourceConfig.Group(GROUP, List.of(new SourceConfig.Volume(VOLUME, image, BLOCK_BYTES)))),
            compressionLevel, cores, WINDOW_BYTES);
        try (TargetSite target = new TargetSite(targetConfig, PathSecurity.PLAINTEXT).launch();
            SourceSite source = new SourceSite(sourceConfig, PathSecurity.PLAINTEXT).launch())
        {
            final EpochResult result = source.epochNow(GROUP).get();
            if (!result.sealed())
            {
                throw new IOException("the epoch failed: " + result.reason());
            }
            final List<StageStatus> stages = new ArrayList<>(source.status().stages());
            stages.addAll(target.status().stages());
            return new PipelineReport(data.text(), sizeBytes, result.payloadBytes(), result.wireBytes(),
                result.elapsedNs(), stages);
        }
        catch (final ExecutionException ex)
        {
            throw new IOException(ex.getCause());
        }
    }

    private static List<InetSocketAddress> addresses() throws IOException
    {
        try (ServerSocket one = LoopbackPort.anyFree(); ServerSocket other = LoopbackPort.anyFree())
        {
            return List.of((InetSocketAddress)one.getLocalSocketAddress(),
                (InetSocketAddress)other.getLocalSocketAddress());
        }
    }

    private static void delete(final Path directory) throws IOException
    {
        try (Stream<Path> tree = Files.walk(directory))
        {
            for (final Path path : tree.sorted(Comparator.reverseOrder()).toList())
            {
                Files.deleteIfExists(path);
            }
        }
    }
}
