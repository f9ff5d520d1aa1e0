package io.farblock.replication.sim;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** One seed's world and its driver; everything of it is gone after close. */
final class Run implements AutoCloseable
{
    private static final Path MEMORY = Path.of("/dev/shm");

    final World world;
    final Driver driver;
    private final Path state;

    Run(final Path directory, final long seed) throws IOException
    {
        // No power is cut for real: a thousand real flushes a second would only measure this machine's disk.
        final boolean memory = Files.isWritable(MEMORY);
        state = Files.createTempDirectory(memory ? MEMORY : directory, "farblock-sim" + seed + "-");
        world = new World(state, seed);
        driver = new Driver(world);
    }

    @Override
    public void close() throws IOException
    {
        world.killSource(SimNetwork.Death.SILENCE);
        world.killTarget(SimNetwork.Death.SILENCE);
        final List<Path> left;
        try (Stream<Path> tree = Files.walk(state))
        {
            left = tree.sorted(Comparator.reverseOrder()).toList();
        }
        for (final Path path : left)
        {
            Files.deleteIfExists(path);
        }
    }
}
