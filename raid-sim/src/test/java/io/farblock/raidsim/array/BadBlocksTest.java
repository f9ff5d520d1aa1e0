package io.farblock.raidsim.array;

import static io.farblock.blockdev.DeviceBytes.pattern;
import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.Errno;
import io.farblock.blockdev.raid.ArrayMember;
import io.farblock.blockdev.raid.ByteRange;
import io.farblock.blockdev.raid.RaidLevel;
import io.farblock.raidsim.disk.DiskFault;
import io.farblock.raidsim.md.Found;
import io.farblock.raidsim.md.MemberFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a rebuild could not have is bad where the kernel would say so, and never taken for something that is there. */
class BadBlocksTest
{
    private static final int MEMBER_BYTES = 1024 * 1024;
    /** So much that a hole of the disks' own granularity is in it. */
    private static final int LOST_BYTES = 256 * 1024;
    private static final int AT = 128 * 1024;

    private final ArrayLab lab = new ArrayLab(2, MEMBER_BYTES);

    @Test
    void shouldTellWhereOnTheDiskTheyAre() throws Exception
    {
        lab.create(ArrayShape.of(RaidLevel.RAID1), 2);
        lab.bytes.write(0, pattern(1, lab.size()));
        replaceTheOther(0, 1);

        final List<ArrayMember> bad = lab.array.describe().members().stream()
            .filter((member) -> !member.badBlocks().isEmpty()).toList();

        assertThat(bad).extracting(ArrayMember::name).containsExactly(lab.disks.get(2).name());
        assertThat(bad.get(0).badBlocks()).containsExactly(new ByteRange(dataOffset(2) + AT, LOST_BYTES));
    }

    @Test
    void shouldNotBeHolesThatReadAsZeros() throws Exception
    {
        lab.create(ArrayShape.of(RaidLevel.RAID1), 2);
        lab.bytes.write(AT, pattern(1, LOST_BYTES));
        replaceTheOther(0, 1);
        // the only disk that ever had it goes too: all that are left never got it
        lab.array.fail(1);
        lab.array.add(ArrayLab.handles(List.of(lab.addDisk(MEMBER_BYTES))).get(0));
        lab.settle();

        assertThat(lab.array.describe().missingMembers()).isZero();
        assertThat(lab.bytes.tryRead(AT, LOST_BYTES)).isEqualTo(-Errno.EIO);
        for (int at = AT; at < AT + LOST_BYTES; at += 4096)
        {
            assertThat(lab.array.nextData(at)).isEqualTo(at);
            assertThat(lab.array.nextHole(at)).isGreaterThanOrEqualTo(at + 4096);
        }
    }

    /** A new disk takes the place of one while the other cannot read a sector. */
    private void replaceTheOther(final int fails, final int decays) throws RaidException
    {
        lab.disks.get(decays).inject(new DiskFault.LatentSectors(dataOffset(decays) + AT, LOST_BYTES));
        lab.array.fail(fails);
        lab.array.add(ArrayLab.handles(List.of(lab.addDisk(MEMBER_BYTES))).get(0));
        lab.settle();
    }

    private long dataOffset(final int disk)
    {
        return ((Found.Member)MemberFormat.read(lab.disks.get(disk))).record().dataOffsetBytes();
    }
}
