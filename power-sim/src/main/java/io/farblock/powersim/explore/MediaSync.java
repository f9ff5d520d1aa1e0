package io.farblock.powersim.explore;

import io.farblock.blockdev.linux.FileSync;
import io.farblock.blockdev.linux.NativeFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * Notes what is made durable. The kernel is not asked: a temporary directory has nothing to lose its content with. One
 * thread.
 */
final class MediaSync implements FileSync
{
    private final Media media;

    MediaSync(final Media media)
    {
        this.media = media;
    }

    @Override
    public int fdatasync(final NativeFile file)
    {
        media.fileSynced(file.path());
        return 0;
    }

    @Override
    public int fsync(final NativeFile file)
    {
        media.fileSynced(file.path());
        return 0;
    }

    @Override
    public void fsync(final FileChannel channel, final Path path) throws IOException
    {
        media.fileSynced(path);
    }

    @Override
    public int fsyncDirectory(final Path directory)
    {
        media.directorySynced(directory);
        return 0;
    }
}
