package io.farblock.raidsim.array;

import static io.farblock.blockdev.DeviceBytes.pattern;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.Handle;
import io.farblock.blockdev.raid.RaidLevel;
import io.farblock.raidsim.disk.DiskFault;
import io.farblock.raidsim.disk.FaultyDisk;
import io.farblock.raidsim.md.Found;
import io.farblock.raidsim.md.MemberFormat;
import io.farblock.raidsim.md.MemberRecord;
import org.junit.jupiter.api.Test;

/** Disks that an array must not take as they are: what they hold would be lost, or taken for what it is not. */
class AddedDiskTest
{
    private static final int CHUNK = 4096;
    private static final int MEMBER_BYTES = 16 * CHUNK;

    private final ArrayLab lab = new ArrayLab(3, MEMBER_BYTES);

    @Test
    void shouldRefuseAMemberOfAFailedArraySoThatItKeepsWhatItHolds() throws Exception
    {
        lab.create(ArrayShape.of(RaidLevel.RAID5).withChunk(CHUNK).withBitmap(CHUNK), 3);
        final String second = name(1);
        lab.array.fail(0);
        lab.array.fail(1);

        final BlockDevice disk = lab.array.remove(second);

        assertThatThrownBy(() -> lab.array.add(disk)).hasMessageContaining("has failed");
        assertThat(((Found.Member)MemberFormat.read(disk)).record().recoveryOffsetBytes())
            .isEqualTo(MemberRecord.IN_SYNC);
    }

    @Test
    void shouldRefuseAnyDiskForRaid0() throws Exception
    {
        lab.create(ArrayShape.of(RaidLevel.RAID0).withChunk(CHUNK), 3);

        assertThatThrownBy(() -> lab.array.add(handle(lab.addDisk(MEMBER_BYTES)))).hasMessageContaining("RAID 0");
    }

    @Test
    void shouldRefuseADiskThatIsAMemberAlready() throws Exception
    {
        lab.create(ArrayShape.of(RaidLevel.RAID1), 3);

        assertThatThrownBy(() -> lab.array.add(handle(lab.disks.get(1)))).hasMessageContaining("already");
    }

    @Test
    void shouldRefuseAWriteThatNoBitmapNamesForAMemberThatIsAway() throws Exception
    {
        final ArrayLab wide = new ArrayLab(2, 4 * MEMBER_BYTES);
        wide.create(ArrayShape.of(RaidLevel.RAID1).withBitmap(CHUNK), 2);
        wide.bytes.write(0, pattern(1, CHUNK));
        wide.array.fail(1);
        wide.disks.get(0).inject(new DiskFault.UnwritableSectors(8192, CHUNK));

        final int first = wide.bytes.tryWrite(2 * MEMBER_BYTES, pattern(2, CHUNK));
        final int again = wide.bytes.tryWrite(2 * MEMBER_BYTES, pattern(2, CHUNK));

        assertThat(first).isNegative();
        assertThat(again).isNegative();
    }

    @Test
    void shouldKeepTheSizeOfARaid0OfUnequalDisks() throws Exception
    {
        lab.disks.remove(0);
        lab.disks.add(0, new ArrayLab(1, 3 * MEMBER_BYTES).disks.get(0));
        lab.create(ArrayShape.of(RaidLevel.RAID0).withChunk(CHUNK), 3);
        final long size = lab.array.geometry().sizeBytes();
        lab.array.close();

        lab.open();

        assertThat(lab.array.geometry().sizeBytes()).isEqualTo(size);
    }

    @Test
    void shouldTellTheNextFlushOfOneThatFailedInTheBackground() throws Exception
    {
        lab.create(ArrayShape.of(RaidLevel.RAID1), 2);
        lab.array.fail(1);
        lab.bytes.write(0, pattern(1, CHUNK));
        lab.disks.get(0).inject(new DiskFault.FailingFlush(1));
        lab.settle();

        final int first = lab.array.flush();

        assertThat(first).isNegative();
        assertThat(lab.array.flush()).isZero();
    }

    @Test
    void shouldNotMarkAsLostWhatAMemberThatIsAwayStillHolds() throws Exception
    {
        lab.create(ArrayShape.of(RaidLevel.RAID5).withChunk(CHUNK), 3);
        lab.bytes.write(0, pattern(1, lab.size()));
        lab.array.fail(0);
        lab.array.add(handle(lab.addDisk(MEMBER_BYTES)));
        lab.step();
        lab.step();
        lab.array.fail(1);

        lab.settle();

        assertThat(lab.array.describe().arrayState()).isEqualTo("broken");
        assertThat(lab.array.describe().members()).allMatch((member) -> member.badBlocks().isEmpty());
    }

    private String name(final int slot)
    {
        return lab.array.describe().members().stream().filter((member) -> member.slot() == slot).findFirst()
            .orElseThrow().name();
    }

    private static BlockDevice handle(final FaultyDisk disk)
    {
        return new Handle(disk);
    }
}
