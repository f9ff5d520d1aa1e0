package io.farblock.blockdev;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The check that finds leaks: it finds them, and nothing else. */
class LeakCheckTest
{
    @TempDir
    private Path directory;

    @Test
    void shouldFindADescriptor() throws IOException, InterruptedException
    {
        final LeakCheck check = new LeakCheck("leak-");
        final Path path = Files.createFile(directory.resolve("left-open"));
        check.beforeAll(null);

        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ))
        {
            assertThatThrownBy(() -> check.afterAll(null)).hasMessageContaining(path.toString());
            channel.position(0);
        }

        check.afterAll(null);
    }

    @Test
    void shouldFindAThreadAndAcceptOneThatEnds() throws InterruptedException
    {
        final CountDownLatch end = new CountDownLatch(1);
        final LeakCheck check = new LeakCheck(1, "leak-");
        check.beforeAll(null);
        final Thread thread = new Thread(() -> await(end), "leak-thread");
        thread.start();

        assertThatThrownBy(() -> check.afterAll(null)).hasMessageContaining("leak-thread");

        end.countDown();
        thread.join();
        check.afterAll(null);
    }

    private static void await(final CountDownLatch latch)
    {
        try
        {
            latch.await();
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
    }
}
