package io.farblock.replication.array;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.DeviceBytes;
import io.farblock.blockdev.raid.RaidLevel;
import io.farblock.raidsim.array.ArrayEvent.Kind;
import io.farblock.raidsim.array.ArrayShape;
import io.farblock.replication.status.EpochResult;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A disk is away for a while in the midst of an epoch, misses writes, and is brought up to date by the bitmap. */
class DropOutTest
{
    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"RAID5, 4", "RAID10, 4"})
    void shouldSealWhenTheDiskIsBack(final RaidLevel level, final int slots) throws Exception
    {
        try (ReplicatedArray lab = new ReplicatedArray(
            directory, ArrayShape.of(level).withBitmap(ReplicatedArray.BLOCK_BYTES), slots))
        {
            lab.epochSeals();
            lab.settle();
            lab.atRead(1, () ->
            {
                lab.pull(1);
                lab.write(512, DeviceBytes.pattern(12, 200 * 512));
            });
            lab.atRead(2, () ->
            {
                lab.plug(1);
                lab.step();
            });

            final EpochResult moved = lab.epoch();

            assertThat(moved.sealed()).isTrue();
            assertThat(lab.events(Kind.ADDED)).containsExactly(lab.disks.get(1).name() + " is back");
            lab.settle();
            lab.epochSeals();
            assertThat(lab.status().array().reason()).isEqualTo("clean");
            lab.array.fail(0);
            lab.epochSeals();
        }
    }
}
