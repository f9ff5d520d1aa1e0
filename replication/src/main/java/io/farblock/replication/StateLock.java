package io.farblock.replication;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Keeps a second process off a state directory: two that wrote the same tables and journals would destroy both copies.
 * The kernel drops the lock with the process, however it dies.
 */
public final class StateLock implements AutoCloseable
{
    private final FileChannel channel;

    private StateLock(final FileChannel channel)
    {
        this.channel = channel;
    }

    /**
     * Takes the lock, making the directory where needed.
     *
     * @throws IllegalStateException when another process has it, or the directory cannot be used.
     */
    public static StateLock take(final Path directory)
    {
        final Path file = directory.resolve("lock");
        FileChannel channel = null;
        try
        {
            Files.createDirectories(directory);
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            final FileLock held = channel.tryLock();
            if (held != null)
            {
                return new StateLock(channel);
            }
        }
        catch (final OverlappingFileLockException ex)
        {
            // This process has it already: the same answer as for another one.
            closeQuietly(channel);
            throw inUse(directory);
        }
        catch (final IOException ex)
        {
            closeQuietly(channel);
            throw new IllegalStateException("state directory " + directory + " cannot be used: " + ex, ex);
        }
        closeQuietly(channel);
        throw inUse(directory);
    }

    @Override
    public void close()
    {
        closeQuietly(channel);
    }

    private static IllegalStateException inUse(final Path directory)
    {
        return new IllegalStateException("state directory " + directory +
            " is in use by another process: is the daemon running already?");
    }

    private static void closeQuietly(final FileChannel channel)
    {
        try
        {
            if (channel != null)
            {
                channel.close();
            }
        }
        catch (final IOException ex)
        {
            throw new IllegalStateException("cannot close a lock file", ex);
        }
    }
}
