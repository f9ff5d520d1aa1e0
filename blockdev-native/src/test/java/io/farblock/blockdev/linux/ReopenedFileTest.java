package io.farblock.blockdev.linux;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.farblock.blockdev.DeviceException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A child that is being started has a copy of every descriptor until it closes them, and a lock lives as long as the
 * last copy: a file that was closed must be free all the same.
 */
class ReopenedFileTest
{
    private static final int ROUNDS = 400;

    @TempDir
    private Path directory;

    @Test
    void shouldOpenAFileAgainThoughChildrenAreBeingStarted() throws Exception
    {
        final Path file = directory.resolve("file");
        ImageFile.create(file, 1 << 20);
        final AtomicBoolean stop = new AtomicBoolean();
        final Thread starter = new Thread(() -> startUntil(stop), "starter");
        starter.start();
        try
        {
            assertThatCode(() -> openAndClose(file)).doesNotThrowAnyException();
        }
        finally
        {
            stop.set(true);
            starter.join();
        }
    }

    private static void openAndClose(final Path file) throws DeviceException
    {
        for (int i = 0; i < ROUNDS; i++)
        {
            LinuxBlockDevice.open(file, OpenMode.readWrite().buffered()).close();
        }
    }

    private static void startUntil(final AtomicBoolean stop)
    {
        while (!stop.get())
        {
            try
            {
                new ProcessBuilder("/bin/true").start().onExit().join();
            }
            catch (final IOException ex)
            {
                throw new AssertionError(ex);
            }
        }
    }
}
