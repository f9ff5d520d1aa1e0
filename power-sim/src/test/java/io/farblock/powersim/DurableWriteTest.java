package io.farblock.powersim;

import static io.farblock.blockdev.DeviceBytes.filled;
import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.DeviceBytes;
import io.farblock.blockdev.MemoryBlockDevice;
import io.farblock.blockdev.nbd.NbdAddress;
import io.farblock.blockdev.nbd.NbdBlockDevice;
import io.farblock.blockdev.nbd.NbdClientConfig;
import io.farblock.blockdev.nbd.NbdEvents;
import io.farblock.blockdev.nbd.NbdExport;
import io.farblock.blockdev.nbd.NbdServer;
import io.farblock.blockdev.nbd.NbdServerConfig;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was written durably survives every cut, whatever is around it, and makes nothing else durable. */
class DurableWriteTest
{
    private static final int SECTOR = 512;
    private static final int SIZE_BYTES = 256 * SECTOR;

    private final MemoryBlockDevice medium = new MemoryBlockDevice("memory", SIZE_BYTES);
    private final VolatileDevice device = new VolatileDevice(medium);

    @Test
    void shouldBeOnTheMediumAloneWhenItReturns()
    {
        new DeviceBytes(device).write(0, filled(1, 4 * SECTOR));

        final int result = writeDurably(device, SECTOR, 2, 2 * SECTOR);

        assertThat(result).isEqualTo(2 * SECTOR);
        assertThat(new DeviceBytes(medium).read(0, SECTOR)).containsOnly(0);
        assertThat(new DeviceBytes(medium).read(SECTOR, 2 * SECTOR)).containsOnly(2);
        assertThat(new DeviceBytes(medium).read(3 * SECTOR, SECTOR)).containsOnly(0);
        assertThat(new DeviceBytes(device).read(0, SECTOR)).containsOnly(1);
        assertThat(new DeviceBytes(device).read(SECTOR, 2 * SECTOR)).containsOnly(2);
        assertThat(new DeviceBytes(device).read(3 * SECTOR, SECTOR)).containsOnly(1);
    }

    @Test
    void shouldSurviveEveryCutWhateverIsOlderOrNextToIt()
    {
        survivesEveryCut(seed -> writeDurably(device, 8 * SECTOR, (int)seed % 100 + 1, 4 * SECTOR),
            seed -> seed % 100 + 1);
    }

    @Test
    void shouldSurviveAsZerosToo()
    {
        survivesEveryCut(seed -> device.zeroDurable(8 * SECTOR, 4 * SECTOR), seed -> 0);
    }

    @Test
    void shouldSurviveWhatIsFlushedAfterIt()
    {
        new DeviceBytes(device).write(0, filled(1, 4 * SECTOR));
        writeDurably(device, SECTOR, 2, SECTOR);

        device.flush();

        assertThat(new DeviceBytes(medium).read(0, SECTOR)).containsOnly(1);
        assertThat(new DeviceBytes(medium).read(SECTOR, SECTOR)).containsOnly(2);
        assertThat(new DeviceBytes(medium).read(2 * SECTOR, 2 * SECTOR)).containsOnly(1);
    }

    @Test
    void shouldReachTheMediumAloneOverTheNetwork(@TempDir final Path directory) throws Exception
    {
        final NbdAddress address = NbdAddress.unix(directory.resolve("nbd.sock"));
        try (NbdServer server = NbdServer.start(NbdServerConfig.builder(address)
                .exports(new NbdExport("", device, false, "")).conclude(), NbdEvents.NONE);
            NbdBlockDevice client = NbdBlockDevice.connect(new NbdClientConfig(server.address(), "")))
        {
            new DeviceBytes(client).write(0, filled(1, 4 * SECTOR));

            writeDurably(client, 4 * SECTOR, 2, 4 * SECTOR);
            client.zeroDurable(SECTOR, SECTOR);

            assertThat(device.unflushedWrites()).as("the rest, on both sides of the zeros").isEqualTo(2);
            assertThat(new DeviceBytes(medium).read(0, 4 * SECTOR)).containsOnly(0);
            assertThat(new DeviceBytes(medium).read(4 * SECTOR, 4 * SECTOR)).containsOnly(2);
            assertThat(new DeviceBytes(client).read(SECTOR, SECTOR)).containsOnly(0);
            assertThat(new DeviceBytes(client).read(2 * SECTOR, 2 * SECTOR)).containsOnly(1);
        }
    }

    private void survivesEveryCut(final LongUnaryOperator durably, final LongUnaryOperator value)
    {
        for (long seed = 0; seed < 200; seed++)
        {
            new DeviceBytes(device).write(0, filled(101, 64 * SECTOR));
            new DeviceBytes(device).write(10 * SECTOR, filled(102, SECTOR));
            durably.applyAsLong(seed);
            new DeviceBytes(device).write(0, filled(103, 8 * SECTOR));

            device.cut(seed);
            device.restore();

            assertThat(new DeviceBytes(device).read(8 * SECTOR, 4 * SECTOR)).as("seed %d", seed)
                .containsOnly((int)value.applyAsLong(seed));
        }
    }

    private static int writeDurably(final BlockDevice on, final long offset, final int value, final int length)
    {
        final ByteBuffer buffer = AlignedBuffers.allocate(length).put(0, filled(value, length));
        return on.writeDurable(offset, buffer, 0, length);
    }
}
