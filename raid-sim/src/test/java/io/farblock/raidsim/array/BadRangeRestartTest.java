package io.farblock.raidsim.array;

import static io.farblock.blockdev.DeviceBytes.pattern;
import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.raid.RaidLevel;
import io.farblock.raidsim.disk.DiskFault;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A write that the last good member did not take: what is there now is neither new nor told to be old, so it is an
 * error, after a crash too, until it is written again, and then it is right, after a crash too.
 */
class BadRangeRestartTest
{
    private static final int CHUNK = 4096;
    private static final int MEMBER_BYTES = 16 * CHUNK;

    @ParameterizedTest
    @EnumSource(value = RaidLevel.class, names = {"RAID1", "RAID5", "RAID10"})
    void shouldBeAnErrorUntilWrittenAgain(final RaidLevel level) throws Exception
    {
        final int slots = level == RaidLevel.RAID1 ? 2 : level == RaidLevel.RAID5 ? 3 : 4;
        final ArrayLab lab = new ArrayLab(slots, MEMBER_BYTES);
        lab.create(level == RaidLevel.RAID1 ? ArrayShape.of(level) : ArrayShape.of(level).withChunk(CHUNK), slots);
        lab.bytes.write(0, pattern(1, lab.size()));
        final int kept = ArrayShape.layoutOf(lab.array.description()).slot(0, 0);
        lab.array.fail(ArrayShape.layoutOf(lab.array.description()).slot(0, 1));
        final DiskFault fault = new DiskFault.UnwritableSectors(ArrayLab.HEAD_BYTES, CHUNK);
        lab.disks.get(kept).inject(fault);
        final byte[] newer = pattern(2, CHUNK);

        final int failed = lab.bytes.tryWrite(0, newer);
        final int read = lab.bytes.tryRead(0, CHUNK);
        crash(lab);
        final int readAfterCrash = lab.bytes.tryRead(0, CHUNK);
        lab.disks.get(kept).heal(fault);
        // with parity the whole stripe: alone it would have to be computed from what is bad
        final byte[] whole = pattern(3, CHUNK * ArrayShape.layoutOf(lab.array.description()).dataStrips());
        lab.bytes.write(0, whole);

        assertThat(failed).isNegative();
        assertThat(read).isNegative();
        assertThat(readAfterCrash).isNegative();
        assertThat(lab.bytes.read(0, whole.length)).isEqualTo(whole);
        crash(lab);
        assertThat(lab.bytes.read(0, whole.length)).isEqualTo(whole);
    }

    /** All that was written is there, and the array was not closed; with parity it takes force to start it so. */
    private static void crash(final ArrayLab lab) throws RaidException
    {
        lab.open(lab.disks, ArrayLab.options().withForce(true));
    }
}
