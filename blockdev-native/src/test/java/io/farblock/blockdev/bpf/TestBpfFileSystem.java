package io.farblock.blockdev.bpf;

import io.farblock.blockdev.linux.LoopDevice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A bpffs of a test's own, so that nothing of the machine is touched and everything that is pinned ends with it. Needs
 * root and BPF; without them the test is skipped with a line that says so, or fails if tests that need root are
 * required. One thread.
 */
final class TestBpfFileSystem implements AutoCloseable
{
    private final Path mountPoint;

    private TestBpfFileSystem(final Path mountPoint)
    {
        this.mountPoint = mountPoint;
    }

    static TestBpfFileSystem mount() throws IOException
    {
        final Path directory = Files.createTempDirectory("farblock-bpf");
        try
        {
            LoopDevice.run(List.of("mount", "-t", "bpf", "bpf", directory.toString()));
            final TestBpfFileSystem mounted = new TestBpfFileSystem(directory);
            mounted.tryProgram();
            return mounted;
        }
        catch (final IOException ex)
        {
            Files.deleteIfExists(directory);
            LoopDevice.skip("root and BPF", ex.getMessage());
            throw ex;
        }
    }

    BpfFileSystem pins() throws IOException
    {
        return BpfFileSystem.at(mountPoint);
    }

    Path mountPoint()
    {
        return mountPoint;
    }

    /** Unmounts, and with that detaches every program that was pinned here. */
    @Override
    public void close() throws IOException
    {
        LoopDevice.run(List.of("umount", mountPoint.toString()));
        Files.delete(mountPoint);
    }

    private void tryProgram() throws IOException
    {
        try
        {
            Btf.ofKernel().tracepoint(BlockEvent.ISSUE.tracepoint());
            BpfMap.words("fb_test", 1).close();
        }
        catch (final BpfException ex)
        {
            close();
            throw ex;
        }
    }
}
