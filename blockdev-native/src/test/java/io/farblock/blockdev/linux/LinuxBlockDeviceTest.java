package io.farblock.blockdev.linux;

import static io.farblock.blockdev.DeviceBytes.filled;
import static io.farblock.blockdev.DeviceBytes.pattern;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.DeviceBytes;
import io.farblock.blockdev.DeviceException;
import io.farblock.blockdev.Errno;
import io.farblock.blockdev.LeakCheck;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a Linux device does beyond the contract. */
class LinuxBlockDeviceTest
{
    private static final int SIZE_BYTES = 1024 * 1024;

    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck("fb-");

    @TempDir
    private Path directory;

    @Test
    void shouldRefuseChangesWhenOpenedForReading() throws IOException
    {
        final ByteBuffer buffer = AlignedBuffers.allocate(4096);

        try (LinuxBlockDevice device = LinuxBlockDevice.open(image(SIZE_BYTES), OpenMode.readOnly()))
        {
            final int[] results =
                {device.write(0, buffer, 0, 4096), device.zero(0, 4096), device.discard(0, 4096)};

            assertThat(results).containsOnly(-Errno.EROFS);
            assertThat(device.read(0, buffer, 0, 4096)).isEqualTo(4096);
            assertThat(device.flush()).isZero();
        }
    }

    @Test
    void shouldGiveAnErrorWhenTheFileShrankUnderIt() throws IOException
    {
        final Path image = image(SIZE_BYTES);

        try (LinuxBlockDevice device = LinuxBlockDevice.open(image, OpenMode.readOnly().buffered()))
        {
            try (FileChannel channel = FileChannel.open(image, StandardOpenOption.WRITE))
            {
                channel.truncate(4096 + 100);
            }
            final DeviceBytes bytes = new DeviceBytes(device);

            final int result = bytes.tryRead(4096, 4096);

            assertThat(result).isEqualTo(-Errno.EIO);
            assertThat(bytes.tryRead(0, 4096)).isEqualTo(4096);
        }
    }

    @Test
    void shouldReadTheWholeOfAFileThatIsNoMultipleOfAPage() throws IOException
    {
        final byte[] data = pattern(1, 512);

        try (LinuxBlockDevice device = LinuxBlockDevice.open(image(8192 + 512), OpenMode.readWrite()))
        {
            final DeviceBytes bytes = new DeviceBytes(device);
            bytes.write(8192, data);

            assertThat(device.geometry().sizeBytes()).isEqualTo(8192 + 512);
            assertThat(device.geometry().sectorBytes()).isEqualTo(512);
            assertThat(bytes.read(8192, 512)).isEqualTo(data);
        }
    }

    @Test
    void shouldTellHolesFromDataOfASparseFile() throws IOException
    {
        final Path image = image(SIZE_BYTES);

        try (LinuxBlockDevice device = LinuxBlockDevice.open(image, OpenMode.readWrite()))
        {
            new DeviceBytes(device).write(512 * 1024, filled(1, 4096));

            final long data = device.nextData(0);
            final long hole = device.nextHole(data);

            assertThat(data).isEqualTo(512 * 1024);
            assertThat(hole).isEqualTo(512 * 1024 + 4096);
            assertThat(device.nextData(hole)).isEqualTo(SIZE_BYTES);
        }
    }

    @Test
    void shouldGiveBackTheSpaceOfAZeroedRange() throws IOException
    {
        final Path image = image(SIZE_BYTES);

        try (LinuxBlockDevice device = LinuxBlockDevice.open(image, OpenMode.readWrite()))
        {
            new DeviceBytes(device).write(0, filled(1, SIZE_BYTES));
            device.flush();

            device.zero(0, SIZE_BYTES);

            assertThat(device.nextData(0)).isEqualTo(SIZE_BYTES);
        }
    }

    @Test
    void shouldFallBackToThePageCacheInMemoryFileSystems() throws IOException
    {
        final Path memory = Path.of("/dev/shm");
        Assumptions.assumeTrue(Files.isWritable(memory), "no " + memory);
        final Path image = memory.resolve("farblock-" + ProcessHandle.current().pid() + ".img");
        final byte[] data = pattern(2, 4096);

        try
        {
            ImageFile.create(image, SIZE_BYTES);
            try (LinuxBlockDevice device = LinuxBlockDevice.open(image, OpenMode.readWrite()))
            {
                final DeviceBytes bytes = new DeviceBytes(device);
                bytes.write(0, data);

                assertThat(bytes.read(0, 4096)).isEqualTo(data);
                assertThat(device.flush()).isZero();
            }
        }
        finally
        {
            Files.deleteIfExists(image);
        }
    }

    @Test
    void shouldFinishAnImageOfWhichAPowerCutLeftTheName(@TempDir final Path directory) throws Exception
    {
        final Path image = Files.createFile(directory.resolve("image"));
        assertThat(ImageFile.isUnfinished(image)).isTrue();

        ImageFile.create(image, 4096);

        assertThat(ImageFile.isUnfinished(image)).isFalse();
        assertThat(Files.size(image)).isEqualTo(4096);
    }

    @Test
    void shouldCreateAnImageOnceAndNeverOverwriteIt() throws IOException
    {
        final Path image = image(SIZE_BYTES);

        assertThatThrownBy(() -> ImageFile.create(image, 512)).isInstanceOf(DeviceException.class)
            .hasMessageContaining("it exists already");

        assertThat(Files.size(image)).isEqualTo(SIZE_BYTES);
    }

    @Test
    void shouldLeaveNothingWhenAnImageCannotBeCreated()
    {
        final Path nowhere = directory.resolve("missing/image.img");
        final Path large = directory.resolve("large.img");

        assertThatThrownBy(() -> ImageFile.create(nowhere, 512)).isInstanceOf(DeviceException.class)
            .hasMessageContaining("ENOENT");
        assertThatThrownBy(() -> ImageFile.create(large, 513)).isInstanceOf(DeviceException.class)
            .hasMessageContaining("the size is 513 bytes; expected a positive multiple of 512");
        assertThatThrownBy(() -> ImageFile.create(large, Long.MAX_VALUE / 512 * 512))
            .isInstanceOf(DeviceException.class).hasMessageContaining("EFBIG");

        assertThat(large).doesNotExist();
    }

    @Test
    void shouldReserveAndSyncAFile() throws IOException
    {
        final Path path = Files.write(directory.resolve("journal"), new byte[8192]);

        try (NativeFile file = NativeFile.open(path, true))
        {
            final int[] results = {file.allocate(0, SIZE_BYTES), file.startWriteback(0, 0), file.fdatasync(),
                NativeFile.fsyncDirectory(directory)};

            assertThat(results).containsOnly(0);
            assertThat(Files.size(path)).isEqualTo(8192);
        }
    }

    @Test
    void shouldAnswerWithErrorsFromAClosedFile() throws IOException
    {
        final Path path = Files.write(directory.resolve("journal"), new byte[8192]);
        final NativeFile file = NativeFile.open(path, false);
        final int notWritable = file.allocate(0, 4096);
        file.close();
        file.close();

        final int[] results = {file.allocate(0, 4096), file.startWriteback(0, 0), file.fdatasync(), notWritable};

        assertThat(results).containsOnly(-Errno.EBADF);
        assertThat(NativeFile.fsyncDirectory(directory.resolve("missing"))).isEqualTo(-Errno.ENOENT);
        assertThatThrownBy(() -> NativeFile.open(directory.resolve("missing"), false))
            .isInstanceOf(DeviceException.class).hasMessageContaining("ENOENT");
    }

    private Path image(final long sizeBytes) throws IOException
    {
        final Path image = directory.resolve("image.img");
        ImageFile.create(image, sizeBytes);
        return image;
    }
}
