package io.farblock.replication.marks;

import io.farblock.blockdev.linux.FileSync;
import io.farblock.replication.lineage.RecordFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The word that a volume's saved map is kept up to date: a file that is there as long as it holds. The one who keeps
 * the map gives it, {@link KeepGuard} takes it back when that one is late or dead, and whoever uses the map after a
 * boot takes it away. Stateless.
 */
final class Kept
{
    private static final String FILE = "kept";

    private Kept()
    {
    }

    static Path file(final Path directory)
    {
        return directory.resolve(FILE);
    }

    /** Gives the word, durably. */
    static void give(final Path directory, final FileSync sync) throws IOException
    {
        if (!Files.exists(file(directory)))
        {
            Files.createFile(file(directory));
            // Else a power cut takes the name back, and everything is compared for nothing.
            RecordFile.syncDirectory(directory, sync);
        }
    }

    /** Takes the word back, durably; whether it had been given. */
    static boolean take(final Path directory, final FileSync sync) throws IOException
    {
        if (!Files.deleteIfExists(file(directory)))
        {
            return false;
        }
        // Else a power cut brings the name back, for a map that nobody kept since.
        RecordFile.syncDirectory(directory, sync);
        return true;
    }
}
