package io.farblock.blockdev.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.DeviceBytes;
import io.farblock.blockdev.linux.LinuxBlockDevice;
import io.farblock.blockdev.linux.LoopDevice;
import io.farblock.blockdev.linux.OpenMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What this machine says of its own start, and of a device that is used. */
class LinuxBootTest
{
    private static final long SIZE_BYTES = 16L << 20;

    @TempDir
    private Path empty;

    @Test
    void shouldKnowItsBoot() throws IOException
    {
        assertThat(new LinuxBoot().boot()).isEqualTo(new LinuxBoot().boot());
        assertThat(new LinuxBoot().nowMs()).isPositive();
        assertThat(new LinuxBoot(empty).goesOn()).as("no systemd runs there").isEmpty();
        assertThat(new LinuxBoot().intent(Path.of("/dev/null")).refusal()).isEqualTo("it is no md array");
    }

    @Test
    void shouldKnowWhetherAnArrayKeepsABitmapNow() throws IOException
    {
        final Path array = Files.createDirectories(empty.resolve("sys/block/md0/md"));
        final Path location = Files.createDirectory(array.resolve("bitmap")).resolve("location");
        Files.writeString(array.resolve("array_state"), "active\n");
        final Path nodes = Files.createDirectory(empty.resolve("dev"));
        final Path device = Files.createFile(nodes.resolve("md0"));
        final Path partition = Files.createFile(nodes.resolve("md0p1"));
        final Path other = Files.createFile(nodes.resolve("sda"));
        final LinuxBoot look = new LinuxBoot(empty);

        assertThat(look.keepsIntent(device)).as("what cannot be read").isFalse();
        Files.writeString(location, "+8\n");
        assertThat(look.keepsIntent(device)).isTrue();
        assertThat(look.keepsIntent(partition)).isTrue();
        assertThat(look.keepsIntent(other)).isFalse();
        Files.writeString(location, "none\n");
        assertThat(look.keepsIntent(device)).as("taken away while the array runs").isFalse();
    }

    @Test
    void shouldSeeThatADeviceDiffersWhereEveryFileSystemWrites() throws IOException
    {
        try (LoopDevice loop = LoopDevice.create(SIZE_BYTES);
            LinuxBlockDevice device = LinuxBlockDevice.open(loop.device(), OpenMode.readWrite().shared()))
        {
            final DeviceBytes bytes = new DeviceBytes(device);
            final byte[] before = new LinuxBoot().fingerprint(loop.device());
            bytes.write(SIZE_BYTES / 2, DeviceBytes.pattern(1, 4096));
            assertThat(new LinuxBoot().fingerprint(loop.device())).isEqualTo(before);

            bytes.write(SIZE_BYTES - 4096, DeviceBytes.pattern(1, 4096));
            final byte[] end = new LinuxBoot().fingerprint(loop.device());
            bytes.write(4096, DeviceBytes.pattern(1, 4096));

            assertThat(end).isNotEqualTo(before);
            assertThat(new LinuxBoot().fingerprint(loop.device())).isNotEqualTo(end);
        }
    }

    @Test
    void shouldNameWhoMountedADevice() throws IOException
    {
        try (LoopDevice loop = LoopDevice.create(SIZE_BYTES))
        {
            assertThat(new LinuxBoot().users(loop.device())).isEmpty();
            new LinuxBoot().flush(loop.device());
            final Path at = loop.mount("ext4");

            assertThat(new LinuxBoot().users(loop.device())).contains("mounted at " + at);
        }
    }
}
