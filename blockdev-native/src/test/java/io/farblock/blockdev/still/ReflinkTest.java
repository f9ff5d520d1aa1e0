package io.farblock.blockdev.still;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farblock.blockdev.Errno;
import io.farblock.blockdev.LeakCheck;
import io.farblock.blockdev.bpf.Cleanup;
import io.farblock.blockdev.linux.Images;
import io.farblock.blockdev.linux.LoopDevice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clones of image files on real file systems. */
class ReflinkTest
{
    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck("fb-");

    private final Cleanup cleanup = new Cleanup();

    @AfterEach
    void cleanUp() throws IOException
    {
        cleanup.run();
    }

    @ParameterizedTest
    @ValueSource(strings = {"xfs", "btrfs"})
    void shouldKeepTheImageAsItWas(final String type) throws IOException
    {
        final Path image = imageOn(type);
        final Path copy = image.resolveSibling("copy");
        Files.copy(image, copy);

        try (Reflink clone = Reflink.of(image))
        {
            Files.write(image, new byte[1 << 20]);

            assertThat(Images.mismatch(clone.path(), copy)).isEqualTo(-1);
            assertThat(clone.path()).hasFileName(".disk.img.farblock-snapshot");
        }

        assertThat(namesBeside(image)).containsExactly("copy", "disk.img");
    }

    @Test
    void shouldSayWhatToDoWhereExtentsCannotBeShared() throws IOException
    {
        final Path image = imageOn("ext4");

        assertThatThrownBy(() -> Reflink.of(image)).hasMessageContaining("EOPNOTSUPP")
            .hasMessageContaining("file system of type ext4 cannot share extents").hasMessageContaining("XFS");

        assertThat(namesBeside(image)).containsExactly("disk.img");
    }

    @Test
    void shouldReplaceWhatADeadProcessLeft() throws IOException
    {
        final Path image = imageOn("xfs");
        final Path kept = image.resolveSibling("kept");
        final Reflink dead = Reflink.of(image);
        // a second name keeps the file over the close, marked and with nobody who locks it
        Files.createLink(kept, dead.path());
        dead.close();
        Files.move(kept, dead.path());

        try (Reflink clone = Reflink.of(image))
        {
            assertThat(Images.mismatch(clone.path(), image)).isEqualTo(-1);
        }

        assertThat(namesBeside(image)).containsExactly("disk.img");
    }

    @Test
    void shouldRefuseAFileOfSomebodyElse() throws IOException
    {
        final Path image = imageOn("xfs");
        final Path taken = Files.writeString(image.resolveSibling(".disk.img.farblock-snapshot"), "precious");

        assertThatThrownBy(() -> Reflink.of(image)).hasMessageContaining("which is none of Farblock's snapshots");

        assertThat(taken).hasContent("precious");
    }

    @Test
    void shouldRefuseASecondReader() throws IOException
    {
        final Path image = imageOn("xfs");

        try (Reflink first = Reflink.of(image))
        {
            assertThatThrownBy(() -> Reflink.of(image))
                .hasFieldOrPropertyWithValue("errno", Errno.EBUSY).hasMessageContaining("another process has one");

            assertThat(Images.mismatch(first.path(), image)).isEqualTo(-1);
        }
    }

    @Test
    void shouldFollowALinkToWhereTheImageIs() throws IOException
    {
        final Path image = imageOn("xfs");
        final Path link = Files.createTempDirectory("farblock-link").resolve("link.img");
        cleanup.add(() -> Files.delete(link.getParent()));
        cleanup.add(() -> Files.delete(link));
        Files.createSymbolicLink(link, image);

        try (Reflink clone = Reflink.of(link))
        {
            assertThat(clone.path().getParent()).isEqualTo(image.getParent());
        }
    }

    private Path imageOn(final String type) throws IOException
    {
        final FreezableLoop loop = cleanup.add(FreezableLoop.create(type));
        final Path directory = Files.createDirectory(loop.mountPoint().resolve("images"));
        final Path image = directory.resolve("disk.img");
        Images.mixed(image, 8 << 20, new Random(20261121));
        return image;
    }

    private static List<String> namesBeside(final Path image) throws IOException
    {
        return LoopDevice.run(List.of("ls", "-A", image.getParent().toString())).lines().toList();
    }
}
