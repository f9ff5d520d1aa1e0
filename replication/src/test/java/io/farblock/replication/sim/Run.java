package io.farblock.replication.sim;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** One seed's world and its driver; everything of it is gone after close. */
final class Run implements AutoCloseable
{
    private static final Path MEMORY = Path.of("/dev/shm");
    private static final Pattern NAME = Pattern.compile("farblock-sim-(\\d+)-.*");

    final World world;
    final Driver driver;
    private final Path state;

    Run(final Path directory, final long seed) throws IOException
    {
        this(directory, seed, false, false);
    }

    /** @param held whether something is done to bring every epoch to an instant; else the seed decides. */
    Run(final Path directory, final long seed, final boolean held) throws IOException
    {
        this(directory, seed, held, false);
    }

    /** One whose source's volumes are arrays that fail. */
    static Run onArrays(final Path directory, final long seed) throws IOException
    {
        return new Run(directory, seed, false, true);
    }

    private Run(final Path directory, final long seed, final boolean held, final boolean arrays) throws IOException
    {
        // No power is cut for real: a thousand real flushes a second would only measure this machine's disk.
        final boolean memory = Files.isWritable(MEMORY);
        // The same name for the same seed, so one at a time: messages that travel name files in it.
        state = Files.createDirectory((memory ? MEMORY : directory).resolve(
            "farblock-sim-" + ProcessHandle.current().pid() + "-" + seed + "-"));
        world = new World(state, seed, held, arrays);
        driver = new Driver(world);
    }

    @Override
    public void close() throws IOException
    {
        world.killSource(SimNetwork.Death.SILENCE);
        world.killTarget(SimNetwork.Death.SILENCE);
        delete(state);
    }

    /** Removes what test processes left in memory that were killed before they could do so themselves. */
    static void removeLeftovers() throws IOException
    {
        if (!Files.isWritable(MEMORY))
        {
            return;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(MEMORY, "farblock-sim-*"))
        {
            for (final Path entry : entries)
            {
                final Matcher name = NAME.matcher(entry.getFileName().toString());
                if (name.matches() && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty() &&
                    Files.isWritable(entry))
                {
                    deleteUnlessGone(entry);
                }
            }
        }
    }

    private static void deleteUnlessGone(final Path directory) throws IOException
    {
        try
        {
            delete(directory);
        }
        catch (final NoSuchFileException | UncheckedIOException ex)
        {
            // Another test process, which began at the same time, removes it too.
        }
    }

    private static void delete(final Path directory) throws IOException
    {
        final List<Path> left;
        try (Stream<Path> tree = Files.walk(directory))
        {
            left = tree.sorted(Comparator.reverseOrder()).toList();
        }
        for (final Path path : left)
        {
            Files.deleteIfExists(path);
        }
    }
}
