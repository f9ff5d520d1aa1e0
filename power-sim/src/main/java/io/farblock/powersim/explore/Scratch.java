package io.farblock.powersim.explore;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A directory for the files of components, in memory where the machine has a place for that. Removed when closed, or
 * when the program is ended from outside. One thread.
 */
public final class Scratch implements AutoCloseable
{
    private static final Path MEMORY = Path.of("/dev/shm");
    /** Segments of the journal reserve their space ahead. */
    private static final long ROOM_BYTES = 512L << 20;

    private final Path directory;
    private final Thread onExit;

    private Scratch(final Path directory)
    {
        this.directory = directory;
        this.onExit = new Thread(() -> remove(directory), "scratch");
    }

    /** Makes one. */
    public static Scratch make() throws IOException
    {
        final boolean inMemory = Files.isWritable(MEMORY) && Files.getFileStore(MEMORY).getUsableSpace() > ROOM_BYTES;
        final Scratch scratch = new Scratch(inMemory ?
            Files.createTempDirectory(MEMORY, "farblock-explore") : Files.createTempDirectory("farblock-explore"));
        Runtime.getRuntime().addShutdownHook(scratch.onExit);
        return scratch;
    }

    public Path directory()
    {
        return directory;
    }

    @Override
    public void close()
    {
        try
        {
            Runtime.getRuntime().removeShutdownHook(onExit);
        }
        catch (final IllegalStateException ex)
        {
            // the program ends: the hook removes it
            return;
        }
        remove(directory);
    }

    private static void remove(final Path path)
    {
        try (Stream<Path> entries = Files.exists(path) ? Files.walk(path) : Stream.empty())
        {
            final List<Path> deepestFirst = entries.sorted(Comparator.reverseOrder()).toList();
            for (final Path entry : deepestFirst)
            {
                Files.deleteIfExists(entry);
            }
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }
}
