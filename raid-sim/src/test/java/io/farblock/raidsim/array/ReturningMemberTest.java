package io.farblock.raidsim.array;

import static io.farblock.blockdev.DeviceBytes.pattern;
import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.Handle;
import io.farblock.blockdev.raid.ArrayMember;
import io.farblock.blockdev.raid.RaidLevel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A disk that comes back is brought up to date by the bitmap only if the bitmap knows all that it missed; else it is
 * filled from the first byte to the last. Either way it is the only one left at the end, and must be right.
 */
class ReturningMemberTest
{
    private static final int MEMBER_BYTES = 256 * 1024;

    private final ArrayLab lab = new ArrayLab(2, MEMBER_BYTES);
    private final byte[] newer = pattern(2, MEMBER_BYTES);

    @BeforeEach
    void writeAll() throws Exception
    {
        lab.create(ArrayShape.of(RaidLevel.RAID1).withBitmap(65536), 2);
        lab.bytes.write(0, pattern(1, MEMBER_BYTES));
        forgetWrites();
    }

    @Test
    void shouldNotGoByBitsThatWereClearedWhileAnotherHadItsPlace() throws Exception
    {
        loseAndReplace();
        lab.array.fail(1);

        comeBack(lab.disks.get(1));

        assertRightAlone();
    }

    @Test
    void shouldNotGoByThemAfterARestartEither() throws Exception
    {
        loseAndReplace();
        // not closed: a crash
        lab.open(lab.disks.subList(0, 1), ArrayLab.options());

        comeBack(lab.disks.get(1));

        assertRightAlone();
    }

    @Test
    void shouldKeepBitsOverACleanStopForWhoIsAway() throws Exception
    {
        lab.array.fail(1);
        lab.bytes.write(0, newer);
        lab.array.close();
        lab.open(lab.disks.subList(0, 1), ArrayLab.options());

        comeBack(lab.disks.get(1));

        assertRightAlone();
    }

    @Test
    void shouldFillOneAnewThatWentInMidRebuild() throws Exception
    {
        lab.bytes.write(0, newer);
        forgetWrites();
        lab.array.fail(1);
        lab.array.add(new Handle(lab.addDisk(MEMBER_BYTES)));
        lab.step();
        lab.array.fail(1);

        comeBack(lab.disks.get(2));

        assertRightAlone();
    }

    @Test
    void shouldBeASpareWhenAnotherHasItsPlace() throws Exception
    {
        lab.array.fail(1);
        lab.bytes.write(0, newer);
        lab.array.add(new Handle(lab.addDisk(MEMBER_BYTES)));
        lab.settle();

        comeBack(lab.disks.get(1));

        assertThat(lab.array.describe().members(ArrayMember.Role.SPARE)).hasSize(1);
        assertRightAlone();
    }

    private void loseAndReplace() throws RaidException
    {
        lab.array.fail(1);
        lab.bytes.write(0, newer);
        lab.array.add(new Handle(lab.addDisk(MEMBER_BYTES)));
        lab.settle();
        forgetWrites();
    }

    /** Time goes by, so that no bit is left. */
    private void forgetWrites()
    {
        for (int i = 0; i < 8; i++)
        {
            lab.step();
        }
    }

    private void comeBack(final BlockDevice disk) throws RaidException
    {
        lab.array.add(new Handle(disk));
        lab.settle();
    }

    private void assertRightAlone() throws RaidException
    {
        lab.array.fail(0);
        assertThat(lab.bytes.read(0, MEMBER_BYTES)).isEqualTo(newer);
    }
}
