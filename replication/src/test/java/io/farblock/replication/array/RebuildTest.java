package io.farblock.replication.array;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.DeviceBytes;
import io.farblock.blockdev.raid.RaidLevel;
import io.farblock.raidsim.array.ArrayShape;
import io.farblock.replication.status.SourceStatus.ArrayChange;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Arrays that are rebuilt while epochs read them. */
class RebuildTest
{
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(20);

    @TempDir
    private Path directory;

    @Test
    void shouldShowHowFarTheRebuildIsAndWhatWasBefore() throws Exception
    {
        try (ReplicatedArray lab = new ReplicatedArray(directory, ArrayShape.of(RaidLevel.RAID5), 4))
        {
            lab.array.fail(2);
            awaitChanges(lab, 1);
            final String spare = lab.addSpare().name();
            lab.stepTo(40);

            lab.epochSeals();

            assertThat(lab.status().array().state()).isEqualTo("rebuilding");
            assertThat(lab.status().array().reason())
                .startsWith("rebuilding 41.2 % (" + spare + "), 1 of 4 members missing");
            awaitChanges(lab, 2);
            lab.write(0, DeviceBytes.pattern(7, 300 * 512));
            lab.settle();
            lab.epochSeals();
            awaitChanges(lab, 3);
            assertThat(lab.status().array().state()).isEqualTo("clean");
            assertThat(lab.status().changes()).extracting(ArrayChange::to)
                .containsExactly("degraded", "rebuilding", "clean");
        }
    }

    @Test
    void shouldSealWhenASecondDiskOfARaid6FailsDuringTheRebuild() throws Exception
    {
        try (ReplicatedArray lab = new ReplicatedArray(directory, ArrayShape.of(RaidLevel.RAID6), 6))
        {
            lab.epochSeals();
            lab.array.fail(0);
            lab.addSpare();
            lab.write(1 << 20, DeviceBytes.pattern(8, 1 << 20));
            lab.stepTo(40);
            lab.atRead(2, () -> lab.pull(3));

            lab.epochSeals();

            assertThat(lab.status().array().reason()).startsWith("rebuilding 41.2 % ").contains(
                "2 of 6 members missing", lab.disks.get(0).name() + " failed", lab.disks.get(3).name() + " failed");
            lab.settle();
            assertThat(lab.status().array().reason()).startsWith("degraded, 1 of 6 members missing");
            lab.epochSeals();
        }
    }

    private static void awaitChanges(final ReplicatedArray lab, final int count)
    {
        final long beganNs = System.nanoTime();
        while (lab.status().changes().size() < count)
        {
            assertThat(System.nanoTime() - beganNs).as("changes %s", lab.status().changes()).isLessThan(PATIENCE_NS);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }
}
