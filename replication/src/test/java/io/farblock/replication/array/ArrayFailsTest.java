package io.farblock.replication.array;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.DeviceBytes;
import io.farblock.blockdev.raid.RaidLevel;
import io.farblock.raidsim.array.ArrayShape;
import io.farblock.replication.status.EpochResult;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** More disks fail than the level bears, the last one while an epoch reads. */
class ArrayFailsTest
{
    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"RAID0, 2, 1", "RAID5, 4, 2"})
    void shouldSayThatTheArrayFailedAndLeaveTheReplicaAlone(final RaidLevel level, final int slots, final int fails)
        throws Exception
    {
        try (ReplicatedArray lab = new ReplicatedArray(directory, ArrayShape.of(level), slots))
        {
            lab.epochSeals();
            final byte[] sealed = lab.holds.clone();
            lab.write(0, DeviceBytes.pattern(11, lab.holds.length));
            for (int i = 0; i < fails; i++)
            {
                final int disk = i;
                lab.atRead(i + 1, () -> lab.pull(disk));
            }

            final EpochResult result = lab.epoch();
            final EpochResult again = lab.epoch();

            assertThat(result.sealed()).isFalse();
            assertThat(result.reason()).contains("volume disk0", "cannot read lab:0 at offset", "EIO",
                "the array lab:0 is failed");
            assertThat(again.sealed()).isFalse();
            assertThat(again.reason()).contains("cannot read lab:0", "the array lab:0 is failed");
            assertThat(lab.status().array().state()).isEqualTo("failed");
            assertThat(lab.status().array().reason()).contains(fails + " of " + slots + " members missing",
                lab.disks.get(0).name() + " failed");
            assertThat(lab.replica()).isEqualTo(sealed);
        }
    }
}
