package io.farblock.replication.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.replication.TestStorage;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How much is read in one call, by how much room there is. */
class CaptureStageTest
{
    private static final int BLOCK = 65536;
    private static final int SLOTS = 64;
    private static final int RUN = 16;
    private static final int BLOCKS = 200;
    private static final Path DEVICE = Path.of("/volume");

    @TempDir
    private Path directory;
    private final TestStorage disks = new TestStorage();
    private final SourceRing ring = new SourceRing(SLOTS * BLOCK, BLOCK, 1);

    @Test
    void shouldReadBlockByBlockWhenItIsTheLineThatIsWaitedFor() throws Exception
    {
        final ByteBuffer content = AlignedBuffers.allocate(BLOCKS * BLOCK);
        for (int i = 0; i < content.capacity(); i += 8)
        {
            content.putLong(i, ~i);
        }
        assertThat(disks.disk(DEVICE, content.capacity()).write(0, content, 0, content.capacity())).isPositive();
        final SourceVolume volume = new SourceVolume(new SourceConfig.Volume("v", DEVICE, BLOCK), directory, disks);
        volume.open();
        assertThat(volume.harvest()).isZero();
        final CaptureStage stage = new CaptureStage(ring);
        stage.begin(new EpochAttempt("g", 1, 1, 1, 0), new SourceGroup("g", List.of(volume), CutPlan.live(), null));

        assertThat(stage.step()).as("the begin").isEqualTo(1);
        for (int i = 0; i < 3; i++)
        {
            assertThat(stage.step()).as("run %d of a ring with room", i).isEqualTo(RUN);
        }
        for (int i = 1 + 3 * RUN; i < SLOTS; i++)
        {
            assertThat(stage.step()).as("slot %d of a ring that is nearly full", i).isEqualTo(1);
        }
        assertThat(stage.step()).as("a full ring").isZero();
        ring.acknowledged.set(RUN - 1);
        assertThat(stage.step()).as("a quarter is free").isEqualTo(RUN);
        assertThat(stage.step()).isZero();
        volume.close();
    }
}
