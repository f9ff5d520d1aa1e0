package io.farblock.daemon.demo;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Where the demo keeps everything: a fresh directory, always one of its own, so that what it removes at the end is
 * what it made. {@link #close()} is idempotent and may come from a shutdown hook.
 */
final class WorkingDirectory implements AutoCloseable
{
    private final Path path;
    private final boolean keep;

    /** @param parent where to make it, or null for the system's temporary directory. */
    WorkingDirectory(final Path parent, final boolean keep) throws IOException
    {
        this.keep = keep;
        if (parent == null)
        {
            this.path = Files.createTempDirectory("farblock-demo-");
        }
        else
        {
            Files.createDirectories(parent);
            this.path = Files.createTempDirectory(parent.toAbsolutePath(), "farblock-demo-");
        }
    }

    Path path()
    {
        return path;
    }

    @Override
    public synchronized void close()
    {
        if (keep || !Files.exists(path))
        {
            return;
        }
        try
        {
            remove(path);
        }
        catch (final IOException failed)
        {
            System.err.println("farblock: could not remove " + path + ": " + failed);
        }
    }

    /** Removes a tree; links in it are removed, not followed. */
    static void remove(final Path tree) throws IOException
    {
        Files.walkFileTree(tree, new SimpleFileVisitor<>()
        {
            @Override
            public FileVisitResult visitFile(final Path file, final BasicFileAttributes attributes) throws IOException
            {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(final Path directory, final IOException failed)
                throws IOException
            {
                Files.deleteIfExists(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
