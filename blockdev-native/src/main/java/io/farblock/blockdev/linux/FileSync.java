package io.farblock.blockdev.linux;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * What makes files and their names outlive a power cut: the kernel, or somebody who stands before it and takes notes.
 * Injected wherever durability is promised, so that it can be tried what a cut leaves between two calls.
 *
 * <p>Stateless and thread safe here. A failure is final: the kernel has dropped what it could not write.
 */
public interface FileSync
{
    /** The kernel itself. */
    FileSync KERNEL = new FileSync()
    {
    };

    /** Makes the content of a file durable, pages written through a mapping of it included; 0 or -errno. */
    default int fdatasync(final NativeFile file)
    {
        return file.fdatasync();
    }

    /** Makes the content of a file durable, and what is known of it, as its size; 0 or -errno. */
    default int fsync(final NativeFile file)
    {
        return file.fsync();
    }

    /** As {@link #fsync}, of a file that is open as a channel. */
    default void fsync(final FileChannel channel, final Path path) throws IOException
    {
        channel.force(true);
    }

    /** Makes the names in a directory durable; 0 or -errno. */
    default int fsyncDirectory(final Path directory)
    {
        return NativeFile.fsyncDirectory(directory);
    }
}
