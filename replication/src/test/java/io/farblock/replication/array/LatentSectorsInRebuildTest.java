package io.farblock.replication.array;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.DeviceBytes;
import io.farblock.blockdev.raid.RaidLevel;
import io.farblock.raidsim.array.ArrayEvent.Kind;
import io.farblock.raidsim.array.ArrayShape;
import io.farblock.replication.status.EpochResult;
import io.farblock.replication.status.SourceStatus.GroupStatus;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rebuild of a RAID 5 meets sectors of another member that cannot be read: what lay there is lost. */
class LatentSectorsInRebuildTest
{
    private static final int GRANULE_BYTES = 4096;
    /** In the second row, where neither of the two members holds the parity. */
    private static final int ROW_OFFSET = ReplicatedArray.BLOCK_BYTES + 5 * GRANULE_BYTES;

    @TempDir
    private Path directory;

    @Test
    void shouldNameWhatIsLostAndSealOnlyWhenItWasWrittenAgain() throws Exception
    {
        try (ReplicatedArray lab = new ReplicatedArray(directory, ArrayShape.of(RaidLevel.RAID5), 4))
        {
            lab.epochSeals();
            final byte[] sealed = lab.holds.clone();
            lab.write(0, DeviceBytes.pattern(9, lab.holds.length));
            lab.array.fail(0);
            final String spare = lab.addSpare().name();
            lab.decay(1, ROW_OFFSET, 512);
            lab.settle();
            final List<Integer> lost = unreadable(lab);

            final EpochResult result = lab.epoch();

            assertThat(result.sealed()).isFalse();
            assertThat(lost).hasSize(2);
            final int block = lost.get(0) / ReplicatedArray.BLOCK_BYTES * ReplicatedArray.BLOCK_BYTES;
            assertThat(result.reason()).contains("volume disk0", "lab:0", "offset " + block + ",",
                "length " + ReplicatedArray.BLOCK_BYTES, "EIO");
            assertThat(lab.replica()).isEqualTo(sealed);
            assertThatStatusNames(lab, spare, block);
            rewrite(lab, lost);
            lab.epochSeals();
            assertThat(lab.status().array().reason()).doesNotContain("bad blocks");
        }
    }

    private static void assertThatStatusNames(final ReplicatedArray lab, final String spare, final int block)
    {
        final GroupStatus group = lab.sites.source.status().groups().get(0);
        assertThat(lab.events(Kind.LOST)).singleElement().asString().contains("4096 bytes", spare);
        assertThat(group.lastResult().sealed()).isFalse();
        assertThat(group.lastResult().reason()).contains("offset " + block);
        assertThat(lab.status().array().reason()).contains("bad blocks on " + spare + " (4096 bytes in 1 place");
        assertThat(lab.status().array().badBlocks()).singleElement().satisfies((bad) ->
        {
            assertThat(bad.member()).isEqualTo(spare);
            assertThat(bad.first()).singleElement().extracting("lengthBytes").isEqualTo(4096L);
        });
    }

    /** New content from the first lost byte to the last, as one who restores a file writes. */
    private static void rewrite(final ReplicatedArray lab, final List<Integer> lost)
    {
        final int from = lost.get(0);
        lab.write(from, DeviceBytes.pattern(10, lost.get(1) + GRANULE_BYTES - from));
    }

    private static List<Integer> unreadable(final ReplicatedArray lab)
    {
        final List<Integer> offsets = new ArrayList<>();
        for (int at = 0; at < lab.holds.length; at += GRANULE_BYTES)
        {
            if (lab.bytes.tryRead(at, GRANULE_BYTES) < 0)
            {
                offsets.add(at);
            }
        }
        return offsets;
    }
}
