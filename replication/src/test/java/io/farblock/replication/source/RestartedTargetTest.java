package io.farblock.replication.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.replication.LinuxQuiesce;
import io.farblock.replication.TestStorage;
import io.farblock.replication.paths.PathConfig;
import io.farblock.replication.paths.PathMode;
import io.farblock.replication.shaping.PeerLimits;
import io.farblock.replication.status.EpochResult;
import io.farblock.replication.status.SourceStatus.GroupStatus;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.Agent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The target dies between seal and apply. What it says after its restart is waited for, shown, and ends the job. */
final class RestartedTargetTest
{
    private static final Path DEVICE = Path.of("/volume");
    private static final long STEP_NS = TimeUnit.MILLISECONDS.toNanos(1);

    @TempDir
    private Path directory;
    private final TestStorage storage = new TestStorage();
    private final ScriptedTarget target = new ScriptedTarget();
    private long nowNs = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(3);
    private SteppedSource source;
    private CompletableFuture<EpochResult> job;

    @BeforeEach
    void sealAndRestart() throws Exception
    {
        storage.disk(DEVICE, 1 << 20);
        source = new SteppedSource(
            new SourceConfig(
                "alpha", directory, "beta",
                List.of(new PathConfig("only", null, InetSocketAddress.createUnresolved("beta", 1))),
                PathMode.STRIPE, PeerLimits.NONE,
                List.of(new SourceConfig.Group("g", List.of(new SourceConfig.Volume("v", DEVICE, 65536)))),
                1, 1, 1 << 20),
            new SourceRuntime(target, storage, new LinuxQuiesce(List.of(), () -> nowNs), () -> nowNs, () -> 42,
                now -> 0));
        target.answers(() -> ScriptedTarget.holds(0, HexFormat.of().parseHex(group().volumes().get(0).root())));
        job = source.epochNow("g");
        stepUntil(() -> group().phase().equals("apply"));
        target.restart();
    }

    @AfterEach
    void drop()
    {
        source.drop();
    }

    @Test
    void shouldAskLessAndLessOftenWhileItIsNotReadyAndShowWhatItWaitsFor() throws Exception
    {
        final int before = target.questions();
        target.answers(() -> ScriptedTarget.refuses("the replica waits: reading what the device holds", true));

        step(TimeUnit.SECONDS.toNanos(20));

        assertThat(group().phase()).isEqualTo("apply");
        assertThat(group().reason()).isEqualTo("the replica waits: reading what the device holds");
        assertThat(target.questions() - before).isBetween(6, 10);
        target.answers(() -> ScriptedTarget.holds(1, new byte[32]));
        stepUntil(job::isDone);
        assertThat(job.get().sealed()).isTrue();
        assertThat(job.get().reason()).isEmpty();
    }

    @Test
    void shouldEndAsSealedWithTheReasonThatNeedsAnOperator() throws Exception
    {
        target.answers(() -> ScriptedTarget.refuses("the replica has failed", false));

        stepUntil(job::isDone);

        assertThat(job.get().sealed()).isTrue();
        assertThat(job.get().epoch()).isEqualTo(1);
        assertThat(job.get().reason()).isEqualTo("the replica has failed");
    }

    @Test
    void shouldSayThatItHasLessThanWasSealed() throws Exception
    {
        target.answers(() -> ScriptedTarget.holds(0, new byte[32]));

        stepUntil(job::isDone);

        assertThat(job.get().reason()).contains("has applied epoch 0", "epoch 1 was sealed");
    }

    private GroupStatus group()
    {
        return source.status().groups().get(0);
    }

    private void stepUntil(final BooleanSupplier condition) throws Exception
    {
        for (int i = 0; !condition.getAsBoolean(); i++)
        {
            assertThat(i).as("steps until that").isLessThan(30_000);
            step(STEP_NS);
        }
    }

    private void step(final long forNs) throws Exception
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
