package io.farblock.daemon.demo;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Copies a bounded sample of this machine's ordinary files (programs, libraries, texts), so that the demo's image holds
 * what real ones hold. Seeded: the same machine and seed give the same sample. Files that cannot be read are left out.
 */
final class SampleTree
{
    private static final List<Path> ORIGINS = List.of(
        Path.of("/usr/share"), Path.of("/usr/lib"), Path.of("/usr/bin"));
    private static final int MOST_LISTED = 200_000;
    private static final long LARGEST_FILE_BYTES = 8 << 20;
    private static final int FILE_SYSTEM_BLOCK_BYTES = 4096;

    private SampleTree()
    {
    }

    /** Copies into {@code directory} until a limit is reached; returns the bytes that the copies take. */
    static long copy(final Path directory, final long limitBytes, final int limitFiles, final Random random)
        throws IOException
    {
        final List<Path> files = new ArrayList<>();
        for (final Path origin : ORIGINS)
        {
            list(origin, files);
        }
        Collections.sort(files);
        Collections.shuffle(files, random);
        long bytes = 0;
        int count = 0;
        for (final Path file : files)
        {
            if (bytes >= limitBytes || count >= limitFiles)
            {
                break;
            }
            final long size = occupied(file);
            if (size > 0 && bytes + size <= limitBytes)
            {
                // A flat tree of a few hundred directories: names may repeat in the origins, numbers do not.
                final Path copy = directory.resolve("d" + count / 100)
                    .resolve(count + "-" + file.getFileName());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
                bytes += size;
                count++;
            }
        }
        return bytes;
    }

    private static long occupied(final Path file)
    {
        try
        {
            final long size = Files.size(file);
            return size > LARGEST_FILE_BYTES || !Files.isReadable(file) ? 0
                : (size / FILE_SYSTEM_BLOCK_BYTES + 1) * FILE_SYSTEM_BLOCK_BYTES;
        }
        catch (final IOException gone)
        {
            return 0;
        }
    }

    private static void list(final Path origin, final List<Path> files) throws IOException
    {
        if (!Files.isDirectory(origin))
        {
            return;
        }
        Files.walkFileTree(origin, new SimpleFileVisitor<>()
        {
            @Override
            public FileVisitResult visitFile(final Path file, final BasicFileAttributes attributes)
            {
                if (attributes.isRegularFile())
                {
                    files.add(file);
                }
                return files.size() < MOST_LISTED ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
            }

            @Override
            public FileVisitResult visitFileFailed(final Path file, final IOException unreadable)
            {
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(final Path directory, final IOException unreadable)
            {
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
