package io.farblock.raidsim.array;

import static io.farblock.blockdev.DeviceBytes.pattern;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farblock.blockdev.Errno;
import io.farblock.blockdev.raid.ArrayState;
import io.farblock.blockdev.raid.RaidLevel;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** A cable that takes two disks of a RAID 5 away, one after the other, and both are there again. */
class ForcedStartTest
{
    private static final int CHUNK = 4096;

    @Test
    void shouldTakeTheDiskThatWentLastWhenForced() throws Exception
    {
        final ArrayLab lab = new ArrayLab(3, 16 * CHUNK);
        lab.create(ArrayShape.of(RaidLevel.RAID5).withChunk(CHUNK), 3);
        lab.bytes.write(0, pattern(1, lab.size()));
        lab.pull(lab.disks.get(0).name());
        lab.bytes.write(0, pattern(2, lab.size()));
        lab.rest();
        lab.pull(lab.disks.get(1).name());
        final int whileItFails = lab.bytes.tryWrite(0, pattern(3, CHUNK));
        lab.disks.forEach((disk) -> lab.plug(disk.name()));

        assertThat(whileItFails).isEqualTo(-Errno.EIO);
        assertThatThrownBy(lab::open).hasMessageContaining("1 of 3 members, too few for RAID5")
            .hasMessageContaining("or force the start with what is out of date");
        lab.open(lab.disks, ArrayLab.options().withForce(true));

        assertThat(lab.array.describe().state()).isEqualTo(ArrayState.DEGRADED);
        assertThat(lab.array.events()).anySatisfy((event) -> assertThat(event.text())
            .contains("faulty disk1 is taken although it was failed, or away"));
        assertThat(lab.bytes.read(CHUNK, lab.size() - CHUNK))
            .isEqualTo(Arrays.copyOfRange(pattern(2, lab.size()), CHUNK, lab.size()));
        lab.array.remove("faulty disk0");
        lab.array.add(ArrayLab.handles(lab.disks.subList(0, 1)).get(0));
        lab.rest();
        assertThat(lab.array.describe().state()).isEqualTo(ArrayState.CLEAN);
        lab.open();
        assertThat(lab.array.describe().missingMembers()).isZero();
    }
}
