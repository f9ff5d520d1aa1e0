package io.farblock.raidsim.array;

import static io.farblock.blockdev.DeviceBytes.pattern;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farblock.blockdev.DeviceBytes;
import io.farblock.blockdev.raid.RaidLevel;
import io.farblock.raidsim.disk.DiskFault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScrubTest
{
    private static final int CHUNK = 16 * 1024;
    private static final int MEMBER_BYTES = 8 * CHUNK;

    @ParameterizedTest
    @EnumSource(value = RaidLevel.class, names = {"RAID1", "RAID5", "RAID6", "RAID10"})
    void shouldCountWhatDiffersAndCorrectItOnlyWhenTold(final RaidLevel level) throws Exception
    {
        final ArrayLab lab = filled(level);
        final int last = lab.disks.size() - 1;
        // what is redundant in the first stripe lies on the last disk, whatever the level
        new DeviceBytes(lab.disks.get(last)).write(ArrayLab.HEAD_BYTES + 4096, pattern(66, 512));

        final long found = scrub(lab, RaidArray.Scrub.CHECK);
        final long foundAgain = scrub(lab, RaidArray.Scrub.REPAIR);
        final long left = scrub(lab, RaidArray.Scrub.CHECK);

        assertThat(found).isEqualTo(8);
        assertThat(foundAgain).isEqualTo(8);
        assertThat(left).isZero();
        assertThat(lab.bytes.read(0, lab.size())).isEqualTo(pattern(1, lab.size()));
    }

    @Test
    void shouldGiveBackWhatADiskCannotRead() throws Exception
    {
        final ArrayLab lab = filled(RaidLevel.RAID6);
        final DiskFault latent = new DiskFault.LatentSectors(ArrayLab.HEAD_BYTES + 3 * CHUNK, 5 * 512);
        lab.disks.get(2).inject(latent);

        final long found = scrub(lab, RaidArray.Scrub.CHECK);

        assertThat(found).isZero();
        assertThat(lab.disks.get(2).isUnreadable(0, ArrayLab.HEAD_BYTES + MEMBER_BYTES)).isFalse();
        assertThat(lab.array.describe().members().get(2).errors()).isEqualTo(1);
    }

    @Test
    void shouldBeStopped() throws Exception
    {
        final ArrayLab lab = filled(RaidLevel.RAID5);
        lab.array.scrub(RaidArray.Scrub.CHECK);
        lab.step();
        lab.step();

        lab.array.stopScrub();
        lab.settle();

        assertThat(lab.array.events().get(lab.array.events().size() - 1).kind())
            .isEqualTo(ArrayEvent.Kind.SYNC_STOPPED);
    }

    @Test
    void shouldRefuseToScrubWhatHasNothingToCompare() throws Exception
    {
        final ArrayLab lab = filled(RaidLevel.RAID0);

        assertThatThrownBy(() -> lab.array.scrub(RaidArray.Scrub.CHECK)).hasMessageContaining("nothing to compare");
    }

    private static long scrub(final ArrayLab lab, final RaidArray.Scrub wanted) throws RaidException
    {
        lab.array.scrub(wanted);
        lab.step();
        lab.settle();
        return lab.array.describe().mismatchSectors();
    }

    private static ArrayLab filled(final RaidLevel level) throws RaidException
    {
        final int disks = level == RaidLevel.RAID1 ? 2 : 4;
        final ArrayLab lab = new ArrayLab(disks, MEMBER_BYTES);
        final ArrayShape shape = ArrayShape.of(level);
        lab.create(level == RaidLevel.RAID1 ? shape : shape.withChunk(CHUNK), disks);
        lab.bytes.write(0, pattern(1, lab.size()));
        return lab;
    }
}
