package io.farblock.blockdev.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A file system in memory that is mounted for a test. Needs root; skips as {@link LoopDevice} does. Closing unmounts.
 * One thread.
 */
final class TestFileSystem implements AutoCloseable
{
    private final Path mountPoint;

    private TestFileSystem(final Path mountPoint)
    {
        this.mountPoint = mountPoint;
    }

    /** Without direct I/O, without punching of holes and without zeroing: tries everything that stands in for them. */
    static TestFileSystem withoutPunch() throws IOException
    {
        return mount("ramfs", "rw");
    }

    /** Full after {@code sizeBytes}. */
    static TestFileSystem ofSize(final long sizeBytes) throws IOException
    {
        return mount("tmpfs", "size=" + sizeBytes);
    }

    private static TestFileSystem mount(final String type, final String options) throws IOException
    {
        final Path directory = Files.createTempDirectory("farblock-" + type);
        try
        {
            LoopDevice.run(List.of("mount", "-t", type, "-o", options, "none", directory.toString()));
        }
        catch (final IOException ex)
        {
            Files.delete(directory);
            LoopDevice.skip("no " + type + ": " + ex.getMessage());
            throw ex;
        }
        return new TestFileSystem(directory);
    }

    /** A new file of zeros in it. */
    Path file(final long sizeBytes) throws IOException
    {
        final Path file = mountPoint.resolve("image.img");
        ImageFile.create(file, sizeBytes);
        return file;
    }

    @Override
    public void close() throws IOException
    {
        LoopDevice.run(List.of("umount", mountPoint.toString()));
        Files.delete(mountPoint);
    }
}
