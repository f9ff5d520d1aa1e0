package io.farblock.blockdev.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.Errno;
import io.farblock.blockdev.LeakCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Waiting for a file of the kernel: mounts stand in for arrays, they are announced in the same way. */
class AttributePollTest
{
    private static final Path MOUNTS = Path.of("/proc/self/mounts");

    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck();

    @TempDir
    Path directory;

    @Test
    void shouldTellOfEachChangeOnce() throws IOException
    {
        final Path mountPoint = Files.createDirectory(directory.resolve("mount"));
        try (AttributePoll poll = AttributePoll.open(List.of(MOUNTS)))
        {
            // other processes mount and unmount, too
            while (poll.await(0) != 0)
            {
                assertThat(poll.isComplete()).isTrue();
            }

            mount(mountPoint);
            final int mounted = poll.await(10_000);
            LoopDevice.run(List.of("umount", mountPoint.toString()));
            final int unmounted = poll.await(10_000);

            assertThat(mounted).isEqualTo(1);
            assertThat(unmounted).isEqualTo(1);
        }
    }

    @Test
    void shouldWaitInVainForFilesThatNobodyAnnounces() throws IOException
    {
        final Path file = Files.writeString(directory.resolve("silent"), "text");
        try (AttributePoll poll = AttributePoll.open(List.of(file, directory.resolve("absent"))))
        {
            assertThat(poll.await(1)).isZero();
            assertThat(poll.isComplete()).isTrue();
        }
    }

    @Test
    void shouldNoticeAFileThatCannotBeRead()
    {
        try (AttributePoll poll = AttributePoll.open(List.of(directory)))
        {
            assertThat(poll.isComplete()).isFalse();
            assertThat(poll.await(0)).isZero();
        }
    }

    @Test
    void shouldRefuseToWaitAfterClose()
    {
        final AttributePoll poll = AttributePoll.open(List.of());
        poll.close();
        poll.close();

        assertThat(poll.await(0)).isEqualTo(-Errno.EBADF);
    }

    private static void mount(final Path mountPoint) throws IOException
    {
        try
        {
            LoopDevice.run(List.of("mount", "-t", "tmpfs", "none", mountPoint.toString()));
        }
        catch (final IOException ex)
        {
            LoopDevice.skip("no mount: " + ex.getMessage());
            throw ex;
        }
    }
}
