package io.farblock.replication.array;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.raid.ArrayMember;
import io.farblock.blockdev.raid.RaidLevel;
import io.farblock.raidsim.array.ArrayShape;
import io.farblock.raidsim.disk.DiskFault;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sectors that cannot be read but computed: nobody above the array notices, and the member gets them back. */
class MendedSectorsTest
{
    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"RAID5, 4, false", "RAID6, 5, true"})
    void shouldSealAsIfNothingWereAndMendTheMember(final RaidLevel level, final int slots, final boolean degraded)
        throws Exception
    {
        try (ReplicatedArray lab = new ReplicatedArray(directory, ArrayShape.of(level), slots))
        {
            final DiskFault.LatentSectors fault = lab.decay(1, 7 * ReplicatedArray.BLOCK_BYTES + 1024, 2048);
            if (degraded)
            {
                lab.array.fail(0);
            }

            lab.epochSeals();

            final ArrayMember mended = lab.array.describe().members().stream()
                .filter((member) -> member.name().equals(lab.disks.get(1).name())).findFirst().orElseThrow();
            assertThat(lab.isDecayed(1, fault)).isFalse();
            assertThat(mended.errors()).isPositive();
            assertThat(lab.status().array().badBlocks()).isEmpty();
            assertThat(lab.status().array().state()).isEqualTo(degraded ? "degraded" : "active");
        }
    }
}
