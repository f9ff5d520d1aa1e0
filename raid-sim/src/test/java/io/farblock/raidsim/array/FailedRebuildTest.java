package io.farblock.raidsim.array;

import static io.farblock.blockdev.DeviceBytes.pattern;
import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.raid.ArrayMember;
import io.farblock.blockdev.raid.ArrayMember.Role;
import io.farblock.blockdev.raid.ArrayState;
import io.farblock.blockdev.raid.RaidLevel;
import io.farblock.raidsim.array.ArrayEvent.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A rebuild that the array's failure overtakes: what is not rebuilt must not pass for a member. */
class FailedRebuildTest
{
    private static final int MEMBER_BYTES = 1024 * 1024;

    private final ArrayLab lab = new ArrayLab(3, MEMBER_BYTES);

    @Test
    void shouldStopTheRebuildAndStayFailed() throws Exception
    {
        lab.create(ArrayShape.of(RaidLevel.RAID5), 3);
        lab.bytes.write(0, pattern(1, lab.size()));
        lab.array.fail(0);
        lab.array.add(ArrayLab.handles(List.of(lab.addDisk(MEMBER_BYTES))).get(0));
        while (lab.array.describe().progress().percent() < 40)
        {
            lab.step();
        }

        lab.array.fail(1);
        lab.settle();

        assertThat(lab.array.describe().state()).isEqualTo(ArrayState.FAILED);
        assertThat(lab.array.describe().members(Role.IN_SYNC)).extracting(ArrayMember::slot).containsExactly(2);
        assertThat(lab.array.describe().members()).allSatisfy((member) -> assertThat(member.badBlocks()).isEmpty());
        assertThat(lab.array.events()).extracting(ArrayEvent::kind)
            .contains(Kind.ARRAY_FAILED, Kind.SYNC_STOPPED).doesNotContain(Kind.LOST);
    }
}
