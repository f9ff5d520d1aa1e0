package io.farblock.raidsim.array;

import static io.farblock.blockdev.DeviceBytes.pattern;
import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.raid.RaidLevel;
import io.farblock.raidsim.disk.DiskFault;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Copies share the reads: a disk that nobody ever reads would decay unnoticed. */
class SharedReadsTest
{
    private static final int MEMBER_BYTES = 1024 * 1024;

    @ParameterizedTest
    @CsvSource({"RAID1, 2, 0", "RAID1, 3, 0", "RAID10, 4, 0x102", "RAID10, 5, 0x102", "RAID10, 4, 0x201",
        "RAID10, 4, 0x10201", "RAID10, 6, 0x103"})
    void shouldReadEveryMember(final RaidLevel level, final int slots, final Integer layout) throws Exception
    {
        for (int disk = 0; disk < slots; disk++)
        {
            final ArrayLab lab = new ArrayLab(slots, MEMBER_BYTES);
            lab.create(ArrayShape.of(level).withLayout(layout), slots);
            final byte[] written = pattern(disk, lab.size());
            lab.bytes.write(0, written);
            lab.disks.get(disk).inject(new DiskFault.BitRot(ArrayLab.HEAD_BYTES, MEMBER_BYTES, 1, 1));

            final byte[] read = lab.bytes.read(0, lab.size());

            assertThat(Arrays.equals(read, written)).as("disk %d was not asked", disk).isFalse();
        }
    }
}
