package io.farblock.replication;

import io.farblock.replication.paths.NettyNetwork;
import io.farblock.replication.paths.PathConfig;
import io.farblock.replication.paths.PathMode;
import io.farblock.replication.paths.PathSecurity;
import io.farblock.replication.shaping.PeerLimits;
import io.farblock.replication.source.SourceConfig;
import io.farblock.replication.source.SourceRuntime;
import io.farblock.replication.source.SourceSite;
import io.farblock.replication.target.TargetConfig;
import io.farblock.replication.target.TargetSite;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.agrona.concurrent.SystemNanoClock;

/** A source and a target in this process, with real threads, sockets and files: two paths, one group, one volume. */
public final class TwoSites implements AutoCloseable
{
    public static final String GROUP = "vms";

    public final Path sourceImage;
    public final Path replicaImage;
    public SourceSite source;
    public TargetSite target;

    private final PathSecurity ofSource;
    private final PathSecurity ofTarget;
    private final Path directory;
    private final InetSocketAddress first;
    private final InetSocketAddress second;

    /** In clear. */
    public TwoSites(final Path directory) throws IOException
    {
        this(directory, PathSecurity.PLAINTEXT, PathSecurity.PLAINTEXT);
    }

    public TwoSites(final Path directory, final PathSecurity ofSource, final PathSecurity ofTarget) throws IOException
    {
        this.ofSource = ofSource;
        this.ofTarget = ofTarget;
        this.directory = directory;
        this.sourceImage = directory.resolve("source.img");
        this.replicaImage = directory.resolve("replica.img");
        this.first = FreeAddress.find();
        this.second = FreeAddress.find();
    }

    public void launchSource()
    {
        source = new SourceSite(sourceConfig(), ofSource).launch();
    }

    /** Launches the source on storage of the test's own. */
    public void launchSource(final Storage storage)
    {
        source = new SourceSite(
            sourceConfig(),
            new SourceRuntime(
                new NettyNetwork("src-paths", ofSource), storage,
                new LinuxQuiesce(List.of(), SystemNanoClock.INSTANCE), SystemNanoClock.INSTANCE,
                () -> 42L, now -> 0L)).launch();
    }

    public void launchTarget()
    {
        target = new TargetSite(targetConfig(), ofTarget).launch();
    }

    public SourceConfig sourceConfig()
    {
        return new SourceConfig(
            "alpha", directory.resolve("alpha"), "beta",
            List.of(new PathConfig("first", null, first), new PathConfig("second", null, second)),
            PathMode.STRIPE, PeerLimits.NONE,
            List.of(new SourceConfig.Group(GROUP, List.of(new SourceConfig.Volume("disk0", sourceImage, 65536)))),
            1, 2, 16 << 20);
    }

    public TargetConfig targetConfig()
    {
        return new TargetConfig(
            "beta", directory.resolve("beta"), List.of(first, second),
            List.of(new TargetConfig.Replica("alpha", GROUP, "disk0", replicaImage, "")),
            1L << 30, 1 << 20, 2, 16 << 20, 65536);
    }

    @Override
    public void close()
    {
        if (source != null)
        {
            source.close();
        }
        if (target != null)
        {
            target.close();
        }
    }
}
