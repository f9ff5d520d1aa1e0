package io.farblock.replication.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A test process that is killed leaves its simulations' files in memory, where they cost what a leak does. */
final class LeftoversTest
{
    private static final Path MEMORY = Path.of("/dev/shm");

    @Test
    void shouldRemoveWhatTheDeadLeftAndNothingOfTheLiving() throws Exception
    {
        assumeThat(MEMORY).isWritable();
        final Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        final Path left = Files.createTempDirectory(MEMORY, "farblock-sim-" + dead.pid() + "-1-");
        Files.createFile(Files.createDirectory(left.resolve("alpha")).resolve("record"));
        final Path used = Files.createTempDirectory(MEMORY, "farblock-sim-" + ProcessHandle.current().pid() + "-1-");

        Run.removeLeftovers();

        assertThat(left).doesNotExist();
        assertThat(used).exists();
        Files.delete(used);
    }
}
