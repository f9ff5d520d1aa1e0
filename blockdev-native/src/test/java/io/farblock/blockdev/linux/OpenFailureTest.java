package io.farblock.blockdev.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.farblock.blockdev.DeviceException;
import io.farblock.blockdev.Errno;
import io.farblock.blockdev.LeakCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Each way in which a device cannot be opened: its error number, and the words that help. */
class OpenFailureTest
{
    private static final long SIZE_BYTES = 16 * 1024 * 1024;

    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck("fb-");

    @TempDir
    private Path directory;

    @Test
    void shouldSayThatAFileIsMissing()
    {
        final Path missing = directory.resolve("missing.img");

        final DeviceException failure = failureOf(missing, OpenMode.readOnly());

        assertThat(failure.errno()).isEqualTo(Errno.ENOENT);
        assertThat(failure).hasMessageContaining(missing.toString()).hasMessageContaining("for reading")
            .hasMessageContaining("check the path");
    }

    @Test
    void shouldSayThatItIsADirectory()
    {
        final DeviceException failure = failureOf(directory, OpenMode.readWrite());

        assertThat(failure.errno()).isEqualTo(Errno.EISDIR);
        assertThat(failure).hasMessageContaining("it is a directory; expected a block device or an image file");
    }

    @Test
    void shouldSayThatItIsACharacterDevice()
    {
        final DeviceException failure = failureOf(Path.of("/dev/zero"), OpenMode.readOnly());

        assertThat(failure.errno()).isEqualTo(Errno.ENOTBLK);
        assertThat(failure).hasMessageContaining("it is a character device");
    }

    @Test
    void shouldSayThatItIsAPipeAndNotWaitForIt() throws IOException
    {
        final Path pipe = directory.resolve("pipe");
        LoopDevice.run(List.of("mkfifo", pipe.toString()));

        final DeviceException failure = failureOf(pipe, OpenMode.readOnly());

        assertThat(failure).hasMessageContaining("it is a named pipe");
    }

    @Test
    void shouldRefuseASizeThatIsNoMultipleOfASector() throws IOException
    {
        final Path odd = Files.write(directory.resolve("odd.img"), new byte[1000]);

        final DeviceException failure = failureOf(odd, OpenMode.readOnly());

        assertThat(failure.errno()).isEqualTo(Errno.EINVAL);
        assertThat(failure).hasMessageContaining("its size is 1000 bytes; expected a multiple of 512")
            .hasMessageContaining("grow it to 1024 bytes");
    }

    @Test
    void shouldRefuseAnEmptyFile() throws IOException
    {
        final Path empty = Files.createFile(directory.resolve("empty.img"));

        final DeviceException failure = failureOf(empty, OpenMode.readOnly());

        assertThat(failure.errno()).isEqualTo(Errno.EINVAL);
        assertThat(failure).hasMessageContaining("its size is 0 bytes");
    }

    @Test
    void shouldSayWhoHasTheFileOpenExclusively() throws IOException
    {
        final Path image = image();

        final DeviceException failure;
        try (LinuxBlockDevice first = LinuxBlockDevice.open(image, OpenMode.readWrite()))
        {
            failure = failureOf(image, OpenMode.readWrite());
            assertThat(first.flush()).isZero();
        }

        assertThat(failure.errno()).isEqualTo(Errno.EBUSY);
        assertThat(failure).hasMessageContaining("it is locked by process " + ProcessHandle.current().pid());
        LinuxBlockDevice.open(image, OpenMode.readWrite()).close();
    }

    @Test
    void shouldSayThatTheUserMayNot() throws IOException
    {
        final Path image = image();
        final boolean root = "root".equals(System.getProperty("user.name"));
        if (root)
        {
            makeImmutable(image);
        }
        else
        {
            Files.setPosixFilePermissions(image, Set.of());
        }

        final DeviceException failure = failureOf(image, OpenMode.readWrite());

        if (root)
        {
            LoopDevice.run(List.of("chattr", "-i", image.toString()));
        }
        assertThat(failure.errno()).isIn(Errno.EACCES, Errno.EPERM);
        assertThat(failure).hasMessageContaining("for user " + System.getProperty("user.name"))
            .hasMessageContaining("permission to read and write it");
    }

    @Test
    void shouldSayWhichLoopDeviceUsesTheFile() throws IOException
    {
        try (LoopDevice loop = LoopDevice.create(SIZE_BYTES))
        {
            final Path link = Files.createLink(loop.file().resolveSibling("farblock-link-" + System.nanoTime()),
                loop.file());

            final DeviceException failure = failureOf(link, OpenMode.readWrite());

            Files.delete(link);
            assertThat(failure.errno()).isEqualTo(Errno.EBUSY);
            assertThat(failure).hasMessageContaining("it is the backing file of " + loop.device())
                .hasMessageContaining("losetup -d " + loop.device());
        }
    }

    @Test
    void shouldSayWhereADeviceIsMounted() throws IOException
    {
        try (LoopDevice loop = LoopDevice.create(SIZE_BYTES))
        {
            final Path mountPoint = loop.mount();

            final DeviceException failure = failureOf(loop.device(), OpenMode.readWrite());

            assertThat(failure.errno()).isEqualTo(Errno.EBUSY);
            assertThat(failure).hasMessageContaining("it is mounted at " + mountPoint + " (ext4)");
            LinuxBlockDevice.open(loop.device(), OpenMode.readOnly()).close();
        }
    }

    @Test
    void shouldRefuseASecondExclusiveOpenOfADevice() throws IOException
    {
        try (LoopDevice loop = LoopDevice.create(SIZE_BYTES);
            LinuxBlockDevice first = LinuxBlockDevice.open(loop.device(), OpenMode.readWrite()))
        {
            final DeviceException failure = failureOf(loop.device(), OpenMode.readWrite());

            assertThat(first.direct()).isTrue();
            assertThat(failure.errno()).isEqualTo(Errno.EBUSY);
            assertThat(failure).hasMessageContaining("another program that has it open exclusively");
        }
    }

    @Test
    void shouldSayThatADeviceIsReadOnly() throws IOException
    {
        try (LoopDevice loop = LoopDevice.create(SIZE_BYTES, "--read-only"))
        {
            final DeviceException failure = failureOf(loop.device(), OpenMode.readWrite());

            assertThat(failure.errno()).isEqualTo(Errno.EROFS);
            assertThat(failure).hasMessageContaining("it is read-only; expected a writable device");
        }
    }

    @Test
    void shouldRefuseADeviceWithoutAMedium() throws IOException
    {
        DeviceException failure = null;

        // somebody else's test may take the number that we have just freed, so it is tried more than once
        for (int i = 0; i < 20 && failure == null; i++)
        {
            failure = catchThrowableOfType(DeviceException.class,
                () -> LinuxBlockDevice.open(freedLoopDevice(), OpenMode.readOnly()).close());
        }

        assertThat(failure).hasMessageContaining("its size is 0 bytes")
            .hasMessageContaining("check that a medium or backing file is attached");
    }

    private static Path freedLoopDevice() throws IOException
    {
        try (LoopDevice loop = LoopDevice.create(SIZE_BYTES))
        {
            return loop.device();
        }
    }

    private Path image() throws IOException
    {
        final Path image = directory.resolve("image.img");
        ImageFile.create(image, SIZE_BYTES);
        return image;
    }

    /** The one thing that root may not: to write a file that has this attribute. */
    private static void makeImmutable(final Path image) throws IOException
    {
        try
        {
            LoopDevice.run(List.of("chattr", "+i", image.toString()));
        }
        catch (final IOException ex)
        {
            LoopDevice.skip("no immutable files: " + ex.getMessage());
            throw ex;
        }
    }

    private static DeviceException failureOf(final Path path, final OpenMode mode)
    {
        final DeviceException failure =
            catchThrowableOfType(DeviceException.class, () -> LinuxBlockDevice.open(path, mode).close());
        assertThat(failure).as("opening %s", path).isNotNull();
        return failure;
    }
}
