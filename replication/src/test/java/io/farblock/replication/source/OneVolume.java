package io.farblock.replication.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.replication.LinuxQuiesce;
import io.farblock.replication.TestStorage;
import io.farblock.replication.paths.PathConfig;
import io.farblock.replication.paths.PathMode;
import io.farblock.replication.shaping.PeerLimits;
import io.farblock.replication.status.SourceStatus.GroupStatus;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.Agent;

/** A source with one volume of 1 MiB in group {@code g}, stepped under the test's own time. One thread, the test's. */
final class OneVolume
{
    static final String GROUP = "g";
    private static final Path DEVICE = Path.of("/volume");
    private static final long STEP_NS = TimeUnit.MILLISECONDS.toNanos(1);

    final ScriptedTarget target = new ScriptedTarget();
    final SteppedSource source;
    private long nowNs = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(3);

    OneVolume(final Path directory)
    {
        final TestStorage storage = new TestStorage();
        storage.disk(DEVICE, 1 << 20);
        source = new SteppedSource(
            new SourceConfig(
                "alpha", directory, "beta",
                List.of(new PathConfig("only", null, InetSocketAddress.createUnresolved("beta", 1))),
                PathMode.STRIPE, PeerLimits.NONE,
                List.of(new SourceConfig.Group(GROUP, List.of(new SourceConfig.Volume("v", DEVICE, 65536)))),
                1, 1, 1 << 20),
            new SourceRuntime(target, storage, new LinuxQuiesce(List.of(), () -> nowNs), () -> nowNs, () -> 42,
                now -> 0));
        target.answers(() -> ScriptedTarget.holds(0, root()));
    }

    /** What the source holds its volume for. */
    byte[] root()
    {
        return HexFormat.of().parseHex(group().volumes().get(0).root());
    }

    GroupStatus group()
    {
        return source.status().groups().get(0);
    }

    void stepUntil(final BooleanSupplier condition) throws Exception
    {
        for (int i = 0; !condition.getAsBoolean(); i++)
        {
            assertThat(i).as("steps until that").isLessThan(30_000);
            step(STEP_NS);
        }
    }

    void step(final long forNs) throws Exception
    {
        for (long passedNs = 0; passedNs < forNs; passedNs += STEP_NS)
        {
            for (final Agent agent : source.agents())
            {
                agent.doWork();
            }
            nowNs += STEP_NS;
        }
    }
}
