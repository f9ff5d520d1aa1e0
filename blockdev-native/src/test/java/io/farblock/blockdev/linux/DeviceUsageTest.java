package io.farblock.blockdev.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who uses a device, read from trees like those of /proc and /sys. */
class DeviceUsageTest
{
    @TempDir
    private Path root;

    private DeviceUsage usage;

    /** A disk sda (8:0) with a partition sda1 (8:1). */
    @BeforeEach
    void makeTree() throws IOException
    {
        write("sys/devices/sda/dev", "8:0\n");
        write("sys/devices/sda/sda1/dev", "8:1\n");
        write("sys/devices/sda/sda1/partition", "1\n");
        Files.createDirectories(root.resolve("sys/dev/block"));
        Files.createSymbolicLink(root.resolve("sys/dev/block/8:0"), root.resolve("sys/devices/sda"));
        Files.createSymbolicLink(root.resolve("sys/dev/block/8:1"), root.resolve("sys/devices/sda/sda1"));
        usage = new DeviceUsage(root);
    }

    @Test
    void shouldFindNobody()
    {
        final List<String> users = usage.usersOf("8:0");

        assertThat(users).isEmpty();
    }

    @Test
    void shouldDecodeMountPointsAndSkipOptionalFields() throws IOException
    {
        write("proc/self/mountinfo", """
            22 27 0:21 / /proc rw,relatime - proc proc rw
            27 1 8:1 / /srv/my\\040data rw,relatime shared:1 master:2 - xfs /dev/sda1 rw
            """);

        final List<String> users = usage.usersOf("8:1");

        assertThat(users).containsExactly("mounted at /srv/my data (xfs)");
    }

    @Test
    void shouldNameThePartitionThatIsUsedWhenAskedForTheDisk() throws IOException
    {
        write("proc/self/mountinfo", "27 1 8:1 / / rw - ext4 /dev/sda1 rw\n");

        final List<String> users = usage.usersOf("8:0");

        assertThat(users).containsExactly("its partition sda1 is mounted at / (ext4)");
    }

    @Test
    void shouldNameTheHolderOfTheDiskWhenAskedForAPartition() throws IOException
    {
        write("sys/devices/sda/holders/md0", "");

        final List<String> users = usage.usersOf("8:1");

        assertThat(users).containsExactly("its disk sda is held by /dev/md0");
    }

    @Test
    void shouldNotFailOnWhatItDoesNotUnderstand() throws IOException
    {
        write("proc/self/mountinfo", "8:0\n\n27 1 8:0 / /mnt rw -\n");
        write("proc/swaps", "Filename Type\n/dev/missing partition 1 2 3\n");
        write("proc/locks", "1: FLOCK\n\n");

        final List<String> users = usage.usersOf("8:0");

        assertThat(users).isEmpty();
        assertThat(usage.usersOf("99:99")).isEmpty();
        assertThat(usage.lockersOf(FileStatus.of(root))).isEmpty();
    }

    @Test
    void shouldNameTheLocker() throws IOException
    {
        final FileStatus file = FileStatus.of(root);
        final String[] number = file.fileSystem().split(":");
        write("proc/4711/comm", "farblock\n");
        write("proc/locks", String.format("1: POSIX  ADVISORY  READ 5 00:01:2 0 EOF%n" +
            "2: FLOCK  ADVISORY  WRITE 4711 %02x:%02x:%d 0 EOF%n",
            Integer.parseInt(number[0]), Integer.parseInt(number[1]), file.inode()));

        final List<String> lockers = usage.lockersOf(file);

        assertThat(lockers).containsExactly("process 4711 (farblock)");
    }

    private void write(final String path, final String content) throws IOException
    {
        final Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }
}
