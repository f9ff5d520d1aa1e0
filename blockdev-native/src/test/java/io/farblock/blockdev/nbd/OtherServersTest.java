package io.farblock.blockdev.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.DeviceBytes;
import io.farblock.blockdev.Errno;
import io.farblock.blockdev.LeakCheck;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Our client with servers that are not ours and not at their best. */
@Timeout(30)
class OtherServersTest
{
    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck("nbd-");

    @RegisterExtension
    static final PayloadCheck PAYLOADS = new PayloadCheck();

    private final ByteBuffer buffer = AlignedBuffers.allocate(65_536);

    @TempDir
    private Path directory;

    @Test
    void shouldGetTheErrorsOfTheirDisks() throws IOException
    {
        try (Tool.Nbdkit server = Tool.nbdkit(directory, "--filter=error", "memory", "1M", "error-pread=EIO",
            "error-pwrite=ENOSPC", "error-rate=100%");
            NbdBlockDevice device = server.connect())
        {
            final int read = device.read(0, buffer, 0, 65_536);
            final int write = device.write(0, buffer, 0, 512);

            assertThat(read).isEqualTo(-Errno.EIO);
            assertThat(write).isEqualTo(-Errno.ENOSPC);
            assertThat(device.failure()).isEmpty();
        }
    }

    @Test
    void shouldTakeSimpleRepliesWhereThereAreNoOthers() throws IOException
    {
        final byte[] data = DeviceBytes.pattern(1, 300_032);
        try (Tool.Nbdkit server = Tool.nbdkit(directory, "--no-sr", "memory", "1M");
            NbdBlockDevice device = server.connect())
        {
            new DeviceBytes(device).write(512, data);

            assertThat(new DeviceBytes(device).read(512, data.length)).isEqualTo(data);
            assertThat(device.nextData(0)).isZero();
        }
    }

    @Test
    void shouldTakeTheirSmallestBlockForASector() throws IOException
    {
        try (Tool.Nbdkit server = Tool.nbdkit(directory, "--filter=blocksize-policy", "memory", "1M",
            "blocksize-minimum=4096", "blocksize-preferred=4096", "blocksize-maximum=64K");
            NbdBlockDevice device = server.connect())
        {
            new DeviceBytes(device).write(4096, DeviceBytes.pattern(1, 200 * 1024));

            assertThat(device.geometry().sectorBytes()).isEqualTo(4096);
            assertThat(new DeviceBytes(device).read(4096, 200 * 1024)).isEqualTo(DeviceBytes.pattern(1, 200 * 1024));
        }
    }

    @Test
    void shouldFindTheDataOfAnExportLargerThanOneAnswer() throws IOException
    {
        try (Tool.Nbdkit server = Tool.nbdkit(directory, "memory", "5G"); NbdBlockDevice device = server.connect())
        {
            final long offset = (4L << 30) + 512;
            new DeviceBytes(device).write(offset, DeviceBytes.pattern(1, 512));

            final long data = device.nextData(0);

            assertThat(data).isBetween(offset - 65_536, offset);
            assertThat(device.nextHole(data)).isBetween(offset + 512, offset + 65_536);
        }
    }

    @Test
    void shouldFailForGoodWhenTheyAreKilled() throws IOException
    {
        try (Tool.Nbdkit server = Tool.nbdkit(directory, "memory", "1M"); NbdBlockDevice device = server.connect())
        {
            final int before = device.flush();

            server.process().destroyForcibly().onExit().join();

            assertThat(before).isZero();
            assertThat(device.flush()).isEqualTo(-Errno.ENOTCONN);
            assertThat(device.read(0, buffer, 0, 512)).isEqualTo(-Errno.ENOTCONN);
        }
    }
}
