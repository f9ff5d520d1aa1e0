package io.farblock.blockdev.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.DeviceBytes;
import io.farblock.blockdev.LeakCheck;
import io.farblock.blockdev.MemoryBlockDevice;
import io.farblock.blockdev.linux.ImageFile;
import io.farblock.blockdev.linux.LinuxBlockDevice;
import io.farblock.blockdev.linux.OpenMode;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Our server with libnbd's clients. */
@Timeout(60)
class OtherClientsTest
{
    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck("nbd-");

    @RegisterExtension
    static final PayloadCheck PAYLOADS = new PayloadCheck();

    private static final int SIZE = 5 << 20;

    @TempDir
    private Path directory;

    @BeforeEach
    void requireTools()
    {
        Tool.require("nbdcopy", "libnbd-bin");
        Tool.require("nbdinfo", "libnbd-bin");
    }

    @Test
    void shouldBeCopiedToAndFrom() throws Exception
    {
        final Path image = directory.resolve("image");
        try (FileChannel file = FileChannel.open(image, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))
        {
            file.write(ByteBuffer.wrap(DeviceBytes.pattern(1, 3_000_000)), 1 << 20);
            file.write(ByteBuffer.wrap(DeviceBytes.pattern(2, 512)), SIZE - 512);
        }
        try (Served served = Served.unix(new MemoryBlockDevice("memory", SIZE)))
        {
            Tool.run(directory, "nbdcopy", image.toString(), served.address().uri("disk"));
            Tool.run(directory, "nbdcopy", served.address().uri("disk"), directory.resolve("copy").toString());
            Tool.run(directory, "nbdcopy", "--no-extents", "--synchronous", served.address().uri("disk"),
                directory.resolve("whole").toString());

            assertThat(Files.mismatch(image, directory.resolve("copy"))).isEqualTo(-1);
            assertThat(Files.mismatch(image, directory.resolve("whole"))).isEqualTo(-1);
        }
    }

    @Test
    void shouldBeReadWithoutTheSystemsCacheInBetween() throws Exception
    {
        // beside the classes: the temporary directory may be in memory, where there is no direct I/O
        final Path image = Path.of("target", "nbd-direct.img").toAbsolutePath();
        Files.deleteIfExists(image);
        ImageFile.create(image, SIZE);
        Files.write(directory.resolve("source"), DeviceBytes.pattern(3, SIZE));
        try (LinuxBlockDevice device = LinuxBlockDevice.open(image, OpenMode.readWrite());
            Served served = Served.unix(device))
        {
            Tool.run(directory, "nbdcopy", directory.resolve("source").toString(), served.address().uri(""));
            Tool.run(directory, "nbdcopy", served.address().uri(""), directory.resolve("copy").toString());

            assertThat(Files.mismatch(directory.resolve("source"), image)).isEqualTo(-1);
            assertThat(Files.mismatch(directory.resolve("source"), directory.resolve("copy"))).isEqualTo(-1);
        }
        finally
        {
            Files.deleteIfExists(image);
        }
    }

    @Test
    void shouldSayWhatItCan() throws Exception
    {
        final MemoryBlockDevice device = new MemoryBlockDevice("memory", 6L << 30);
        new DeviceBytes(device).write(5L << 30, DeviceBytes.pattern(1, 65_536));
        try (Served served = Served.unix((config) -> config.exports(
            new NbdExport("one", device, false, "the first"), new NbdExport("two", device, true, ""))))
        {
            final String one = Tool.run(directory, "nbdinfo", served.address().uri("one"));
            final String two = Tool.run(directory, "nbdinfo", served.address().uri("two"));
            final String list = Tool.run(directory, "nbdinfo", "--list", served.address().uri(""));
            final String map = Tool.run(directory, "nbdinfo", "--map", "--totals", served.address().uri("one"));

            assertThat(one).contains("export-size: 6442450944 (6G)", "description: the first", "base:allocation",
                "is_read_only: false", "can_df: true", "can_fast_zero: false", "can_flush: true", "can_fua: true",
                "can_multi_conn: true", "can_trim: true", "can_zero: true", "block_size_minimum: 512",
                "block_size_preferred: 4096", "block_size_maximum: 33554432");
            assertThat(two).contains("is_read_only: true", "can_trim: false", "can_zero: false");
            assertThat(list).contains("export=\"one\":", "export=\"two\":");
            assertThat(map).containsPattern("65536 +0.0% +0 data").containsPattern("6442385408 +100.0% +3 hole,zero");
        }
    }
}
