package io.farblock.replication.sim;

import io.farblock.replication.SnapshotPlan;
import io.farblock.replication.paths.PathConfig;
import io.farblock.replication.paths.PathMode;
import io.farblock.replication.shaping.PeerLimits;
import io.farblock.replication.shaping.RateSchedule;
import io.farblock.replication.shaping.RateWindow;
import io.farblock.replication.source.CutPlan;
import io.farblock.replication.source.SourceConfig;
import io.farblock.replication.source.Tracking;
import io.farblock.replication.target.TargetConfig;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** What a seed makes of sizes, paths and settings. */
final class Scenario
{
    static final String GROUP = "vms";
    private static final int SECTOR_BYTES = 512;
    private static final long LIMIT_BYTES = 1L << 30;

    final int blockBytes;
    final int[] sizes;
    /** Whether writes to what is held still would be noticed. */
    final boolean careless;
    final List<SimPath> paths = new ArrayList<>();
    final SourceConfig source;
    final TargetConfig target;

    Scenario(final Path directory, final Random random, final boolean held)
    {
        blockBytes = 4096 << random.nextInt(5);
        sizes = new int[1 + random.nextInt(2)];
        final boolean tracked = held || random.nextInt(3) > 0;
        final CutPlan cut = cut(tracked, held, random);
        careless = cut.mode() == CutPlan.Mode.SUSPEND || cut.mode() == CutPlan.Mode.STOP && tracked;
        final List<SourceConfig.Volume> volumes = new ArrayList<>();
        final List<TargetConfig.Replica> replicas = new ArrayList<>();
        for (int i = 0; i < sizes.length; i++)
        {
            final int sectors = 1 + random.nextInt(Math.min(300 * blockBytes, 3 << 20) / SECTOR_BYTES);
            sizes[i] = sectors * SECTOR_BYTES;
            volumes.add(new SourceConfig.Volume("disk" + i, Path.of("/sim/source" + i), blockBytes,
                tracked || random.nextInt(3) == 0 ? Tracking.BPF : Tracking.SCAN, SnapshotPlan.reflink()));
            replicas.add(new TargetConfig.Replica("alpha", GROUP, "disk" + i, Path.of("/sim/replica" + i), ""));
        }
        final List<PathConfig> routes = new ArrayList<>();
        final List<InetSocketAddress> addresses = new ArrayList<>();
        for (int i = 0, count = 1 + random.nextInt(3); i < count; i++)
        {
            final InetSocketAddress address = InetSocketAddress.createUnresolved("path" + i, 1);
            paths.add(new SimPath("path" + i, address, random));
            routes.add(new PathConfig("path" + i, null, address, random.nextInt(3), random.nextInt(8) == 0));
            addresses.add(address);
        }
        source = new SourceConfig(
            "alpha", directory.resolve("alpha"), "beta", routes,
            random.nextBoolean() ? PathMode.STRIPE : PathMode.STANDBY, limits(random),
            List.of(new SourceConfig.Group(GROUP, volumes, cut)),
            random.nextInt(2), 1 + random.nextInt(3), blockBytes << 2 + random.nextInt(5));
        target = new TargetConfig(
            "beta", directory.resolve("beta"), addresses, replicas, LIMIT_BYTES, 0, 1 + random.nextInt(3),
            blockBytes << 2 + random.nextInt(5), blockBytes << random.nextInt(2));
    }

    private static PeerLimits limits(final Random random)
    {
        return random.nextInt(4) > 0 ? PeerLimits.NONE :
            new PeerLimits(slow(random), random.nextBoolean() ? Map.of("path0", slow(random)) : Map.of());
    }

    private static RateSchedule slow(final Random random)
    {
        return new RateSchedule(List.of(RateWindow.always(500_000 << random.nextInt(6))));
    }

    private static CutPlan cut(final boolean tracked, final boolean held, final Random random)
    {
        final boolean hooks = random.nextBoolean();
        final List<String> before = hooks ? List.of("before") : List.of();
        final List<String> after = hooks ? List.of("after") : List.of();
        return switch (held ? 2 + random.nextInt(4) : random.nextInt(tracked ? 6 : 4))
        {
            case 0, 1 -> CutPlan.live();
            case 2 -> new CutPlan(CutPlan.Mode.STOP, 0, List.of("before"), List.of("after"), 1);
            case 3 -> new CutPlan(CutPlan.Mode.SNAPSHOT, 0, before, after, 1);
            default -> new CutPlan(CutPlan.Mode.SUSPEND, 1_000_000, before, after, 1);
        };
    }
}
