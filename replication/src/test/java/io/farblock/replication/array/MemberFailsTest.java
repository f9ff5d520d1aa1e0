package io.farblock.replication.array;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.raid.RaidLevel;
import io.farblock.raidsim.array.ArrayShape;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A disk is pulled while an epoch reads the array. */
class MemberFailsTest
{
    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"RAID1, 2", "RAID5, 4", "RAID10, 4"})
    void shouldSealTheEpochAndNameTheMember(final RaidLevel level, final int slots) throws Exception
    {
        try (ReplicatedArray lab = new ReplicatedArray(directory, ArrayShape.of(level), slots))
        {
            lab.atRead(lab.holds.length / (1 << 20) / 2 + 1, () -> lab.pull(0));

            lab.epochSeals();

            assertThat(lab.status().array().state()).isEqualTo("degraded");
            assertThat(lab.status().array().reason())
                .isEqualTo("degraded, 1 of " + slots + " members missing, " + lab.disks.get(0).name() + " failed");
            lab.write(136 * 512, new byte[100 * 512]);
            lab.epochSeals();
        }
    }
}
