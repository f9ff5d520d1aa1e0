package io.farblock.daemon.faults;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Somebody at work in a directory: one thread writes a rising number into two files, one after the other, another makes
 * files, writes to them at random and removes them. Paced, so that a slow machine can follow; a frozen file system
 * holds them up.
 */
final class BusyFiles
{
    static final String FIRST = "first";
    static final String SECOND = "second";
    private static final int FILES = 20;
    private static final int FILE_BYTES = 256 << 10;
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(2);

    private final Path directory;
    private final Random random;
    private final AtomicLong written = new AtomicLong();
    private volatile boolean stopped;
    private volatile IOException failed;
    private Thread counter;
    private Thread maker;

    BusyFiles(final Path directory, final Random random)
    {
        this.directory = directory;
        this.random = random;
    }

    void start()
    {
        counter = run("busy-counter", this::count);
        maker = run("busy-maker", this::make);
    }

    /** Waits until both files were written again. */
    void awaitProgress()
    {
        final long before = written.get();
        Deadline.await("writers go on", 30, () ->
        {
            if (failed != null)
            {
                throw new AssertionError("a writer failed", failed);
            }
            return written.get() > before + 1;
        });
    }

    /** Ends the writers; returns when they are gone. */
    void stop() throws InterruptedException
    {
        stopped = true;
        if (counter != null)
        {
            counter.join();
            maker.join();
        }
    }

    private Thread run(final String name, final Work work)
    {
        final Thread thread = new Thread(() ->
        {
            try
            {
                while (!stopped)
                {
                    work.once();
                    LockSupport.parkNanos(PAUSE_NS);
                }
            }
            catch (final IOException ex)
            {
                failed = ex;
            }
        }, name);
        thread.start();
        return thread;
    }

    private void count() throws IOException
    {
        final long number = written.get() + 1;
        put(FIRST, number);
        put(SECOND, number);
        written.set(number);
    }

    /** In one piece of one block, so that no half of it is ever seen. */
    private void put(final String name, final long number) throws IOException
    {
        try (FileChannel file = FileChannel.open(
            directory.resolve(name), StandardOpenOption.CREATE, StandardOpenOption.WRITE))
        {
            file.write(StandardCharsets.US_ASCII.encode(String.format("%020d%n", number)), 0);
        }
    }

    private void make() throws IOException
    {
        final Path path = directory.resolve("file" + random.nextInt(FILES));
        if (random.nextInt(4) == 0)
        {
            Files.deleteIfExists(path);
            return;
        }
        final byte[] data = new byte[1 + random.nextInt(16 << 10)];
        random.nextBytes(data);
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE))
        {
            file.write(ByteBuffer.wrap(data), random.nextInt(FILE_BYTES));
            if (random.nextInt(4) == 0)
            {
                file.force(false);
            }
        }
    }

    /** One thing to do. */
    private interface Work
    {
        void once() throws IOException;
    }
}
