package io.farblock.raidsim.array;

import static io.farblock.blockdev.DeviceBytes.pattern;
import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.CheckedBlockDevice;
import io.farblock.blockdev.DeviceBytes;
import io.farblock.blockdev.MemoryBlockDevice;
import io.farblock.blockdev.raid.ArrayState;
import io.farblock.blockdev.raid.RaidLevel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Twelve sparse disks of 10 TiB: nothing that is done to the array is proportional to their size. */
class LargeArrayTest
{
    private static final long DISK_BYTES = 10L << 40;

    @Test
    void shouldMakeUseAndOpenAnArrayOfLargeSparseDisks() throws Exception
    {
        final List<MemoryBlockDevice> disks = new ArrayList<>();
        for (int i = 0; i < 12; i++)
        {
            disks.add(new MemoryBlockDevice("disk" + i, DISK_BYTES));
        }
        final ArrayShape shape = ArrayShape.of(RaidLevel.RAID6).withChunk(512 * 1024).withBitmapFor(DISK_BYTES, 12);
        final byte[] data = pattern(1, 3 << 20);

        final RaidArray made = Assembly.create(
            shape, "large", ArrayLab.ID, 12, ArrayLab.handles(disks), ArrayLab.options());
        final long end = made.geometry().sizeBytes() - data.length;
        new DeviceBytes(new CheckedBlockDevice(made)).write(end, data);
        made.close();
        final RaidArray opened = Assembly.open(ArrayLab.handles(disks), ArrayLab.options());
        opened.work(0);

        assertThat(opened.geometry().sizeBytes()).isGreaterThan(99L << 40);
        assertThat(opened.describe().state()).isEqualTo(ArrayState.CLEAN);
        assertThat(new DeviceBytes(opened).read(end, data.length)).isEqualTo(data);
        assertThat(opened.nextData(0)).isBetween(end - (8L << 20), end);
        assertThat(opened.nextHole(end)).isEqualTo(end + data.length);
        opened.close();
    }
}
