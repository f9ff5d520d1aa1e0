package io.farblock.raidsim.array;

import static io.farblock.blockdev.DeviceBytes.pattern;
import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.DeviceBytes;
import io.farblock.blockdev.raid.RaidLevel;
import org.junit.jupiter.api.Test;

/** A disk that was put back as it was a while ago: the others count it as theirs, and only its events tell. */
class RestoredMemberTest
{
    private static final int MEMBER_BYTES = 64 * 1024;

    @Test
    void shouldLeaveOutAMemberThatIsOlderThanTheOthersThink() throws Exception
    {
        final ArrayLab lab = new ArrayLab(2, MEMBER_BYTES);
        lab.create(ArrayShape.of(RaidLevel.RAID1), 2);
        final DeviceBytes first = new DeviceBytes(lab.disks.get(0));
        final int size = (int)lab.disks.get(0).geometry().sizeBytes();
        final byte[] image = first.read(0, size);
        final byte[] newer = pattern(1, MEMBER_BYTES);
        lab.bytes.write(0, newer);
        lab.array.close();
        first.write(0, image);

        lab.open();

        assertThat(lab.array.describe().missingMembers()).isOne();
        assertThat(lab.bytes.read(0, MEMBER_BYTES)).isEqualTo(newer);
    }
}
