package io.farblock.blockdev.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.DeviceBytes;
import io.farblock.blockdev.linux.LinuxBlockDevice;
import io.farblock.blockdev.linux.LoopDevice;
import io.farblock.blockdev.linux.OpenMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the kernel has counted proves that nothing was written, or it does not. */
class WriteCountersTest
{
    @TempDir
    private Path sys;
    private Path disk;

    @BeforeEach
    void plugIn() throws IOException
    {
        disk = Files.createDirectories(sys.resolve("devices/virtual/block/sda"));
        Files.createDirectories(sys.resolve("dev/block"));
        Files.createSymbolicLink(sys.resolve("dev/block/8:0"), disk);
        Files.createDirectory(disk.resolve("mq"));
        write(disk, "queue/iostats", "1");
        write(disk, "inflight", "       2        0");
        stat(disk, 0, 0, 0, 0);
    }

    @Test
    void shouldProveThatNothingWasWritten() throws IOException
    {
        assertThat(writesSoFar("8:0")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1, 0, 0, 0", "0, 8, 0, 0", "0, 0, 1, 0", "0, 0, 0, 8"})
    void shouldSeeWritesAndDiscards(final int writes, final int written, final int discards, final int discarded)
        throws IOException
    {
        stat(disk, writes, written, discards, discarded);

        assertThat(writesSoFar("8:0")).contains("/dev/sda had " + writes + " writes and " + discards + " discards");
    }

    @Test
    void shouldSeeWhatIsUnderWay() throws IOException
    {
        write(disk, "inflight", "       0        3");

        assertThat(writesSoFar("8:0")).contains("3 writes to /dev/sda were under way");
    }

    @Test
    void shouldProveNothingWhereNothingIsCounted() throws IOException
    {
        write(disk, "queue/iostats", "0");
        assertThat(writesSoFar("8:0")).contains("does not count its writes");
        Files.delete(disk.resolve("mq"));
        assertThat(writesSoFar("8:0")).contains("of a kind that need not count");
        assertThat(writesSoFar("9:9")).contains("not counted");
        write(disk, "queue/iostats", "1");
        Files.createDirectory(disk.resolve("dm"));
        Files.writeString(disk.resolve("stat"), "0 0 0");
        assertThat(writesSoFar("8:0")).contains("not counted");
    }

    @Test
    void shouldAskTheWholeDiskOfAPartition() throws IOException
    {
        final Path partition = Files.createDirectory(disk.resolve("sda1"));
        write(partition, "partition", "1");
        stat(partition, 0, 0, 0, 0);
        Files.createSymbolicLink(sys.resolve("dev/block/8:1"), partition);
        assertThat(writesSoFar("8:1")).isEmpty();
        stat(disk, 1, 8, 0, 0);

        assertThat(writesSoFar("8:1")).contains("/dev/sda had 1 writes");
    }

    @Test
    void shouldAskTheMembersOfAnArrayForDiscards() throws IOException
    {
        Files.delete(disk.resolve("mq"));
        final Path member = Files.createDirectories(sys.resolve("devices/virtual/block/sdb"));
        Files.createDirectories(disk.resolve("md/dev-sdb"));
        Files.createSymbolicLink(disk.resolve("md/dev-sdb/block"), member);
        stat(member, 5, 40, 0, 0);
        assertThat(writesSoFar("8:0")).as("md writes to its members for itself").isEmpty();
        stat(member, 5, 40, 1, 128);

        assertThat(writesSoFar("8:0")).contains("/dev/sdb had 5 writes and 1 discards");
    }

    @Test
    void shouldSeeAWriteToARealDevice() throws IOException
    {
        try (LoopDevice loop = LoopDevice.create(1 << 20);
            LinuxBlockDevice device = LinuxBlockDevice.open(loop.device(), OpenMode.readWrite().shared()))
        {
            new DeviceBytes(device).write(0, DeviceBytes.pattern(1, 4096));

            assertThat(new LinuxBoot().writesSoFar(loop.device())).matches(".* had \\d+ writes and \\d+ discards.*");
            assertThat(new LinuxBoot().fingerprint(loop.device())).hasSize(32);
        }
    }

    private String writesSoFar(final String device)
    {
        return new WriteCounters(sys).writesSoFar(device);
    }

    private static void stat(final Path node, final int writes, final int written, final int discards,
        final int discarded) throws IOException
    {
        write(node, "stat", String.format("%8d %8d %8d %8d %8d %8d %8d %8d %8d %8d %8d %8d %8d %8d %8d %8d %8d",
            7, 0, 56, 1, writes, 0, written, 0, 0, 1, 1, discards, 0, discarded, 0, 0, 0));
    }

    private static void write(final Path directory, final String file, final String content) throws IOException
    {
        Files.createDirectories(directory.resolve(file).getParent());
        Files.writeString(directory.resolve(file), content + "\n");
    }
}
