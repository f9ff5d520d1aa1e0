package io.farblock.powersim;

import static io.farblock.blockdev.DeviceBytes.filled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.DeviceBytes;
import io.farblock.blockdev.MemoryBlockDevice;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** A device that says that it has flushed loses what it promised, and the report says how much that was. */
class LyingDeviceTest
{
    private static final int SECTOR = 512;

    @Test
    void shouldLoseWhatItPromisedAndSaySo()
    {
        int broken = 0;
        for (int seed = 0; seed < 60; seed++)
        {
            final VolatileDevice device = device(FlushLies.ALWAYS);
            new DeviceBytes(device).write(0, filled(1, SECTOR));
            assertThat(device.flush()).isZero();
            final ByteBuffer two = AlignedBuffers.allocate(SECTOR).put(0, filled(2, SECTOR));
            assertThat(device.writeDurable(SECTOR, two, 0, SECTOR)).isEqualTo(SECTOR);
            assertThat(device.zeroDurable(2 * SECTOR, SECTOR)).isZero();
            new DeviceBytes(device).write(3 * SECTOR, filled(3, SECTOR));

            final CutReport report = device.cut(seed);

            assertThat(report.lies()).isEqualTo(3);
            assertThat(report.decided()).isEqualTo(4);
            assertThat(report.broken()).isBetween(report.dropped() + report.torn() - 1, 3);
            broken += report.broken();
        }
        assertThat(broken).isBetween(60, 180);
    }

    @Test
    void shouldCountEachLifeForItself()
    {
        final VolatileDevice device = device(FlushLies.ALWAYS);
        device.flush();
        device.cut(1);
        device.restore();

        final CutReport report = device.cut(2);

        assertThat(report).isEqualTo(CutReport.nothing(2));
    }

    @Test
    void shouldBeHonestAsOftenAsItWasTold()
    {
        final VolatileDevice device = device(FlushLies.after(2));
        for (int sector = 0; sector < 4; sector++)
        {
            new DeviceBytes(device).write((long)sector * SECTOR, filled(1, SECTOR));
            device.flush();
        }

        assertThat(device.unflushedWrites()).isEqualTo(2);
        assertThat(device.cut(1).lies()).isEqualTo(2);
    }

    @Test
    void shouldLieNowAndThenUnderItsSeed()
    {
        final VolatileDevice device = device(FlushLies.sometimes(0.25, 8));
        for (int i = 0; i < 400; i++)
        {
            device.flush();
        }

        assertThat(device.cut(1).lies()).isBetween(70L, 130L);
    }

    @Test
    void shouldHaveKeptWhatAnHonestFlushCameAfter()
    {
        final VolatileDevice device = device(new FlushLies(0, 0.5, 3));
        new DeviceBytes(device).write(0, filled(1, SECTOR));
        for (int i = 0; i < 30; i++)
        {
            device.flush();
        }

        final CutReport report = device.cut(1);

        device.restore();
        assertThat(report.decided()).isZero();
        assertThat(report.lies()).isBetween(5L, 25L);
        assertThat(new DeviceBytes(device).read(0, SECTOR)).containsOnly(1);
    }

    @Test
    void shouldRefuseWhatIsNoProbability()
    {
        assertThatThrownBy(() -> FlushLies.sometimes(1.5, 0)).isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("probability=1.5").hasMessageContaining("0 to 1");
        assertThatThrownBy(() -> VolatileSetup.plain().withUnitBytes(1000)).isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("unitBytes=1000").hasMessageContaining("power of two");
    }

    private static VolatileDevice device(final FlushLies lies)
    {
        return new VolatileDevice(new MemoryBlockDevice("memory", 64 * SECTOR), VolatileSetup.plain().withLies(lies));
    }
}
