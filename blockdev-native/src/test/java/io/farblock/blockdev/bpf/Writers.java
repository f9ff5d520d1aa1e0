package io.farblock.blockdev.bpf;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;

/** Threads that write at once, each with its own random numbers, and what went wrong in them. Used by one thread. */
final class Writers
{
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicReference<Exception> failure = new AtomicReference<>();

    /** What a thread does. */
    interface Work
    {
        void run(SplittableRandom random) throws Exception;
    }

    void start(final long seed, final Work work)
    {
        final Thread thread = new Thread(() ->
        {
            try
            {
                work.run(new SplittableRandom(seed));
            }
            catch (final Exception ex)
            {
                failure.compareAndSet(null, ex);
            }
        }, "fb-writer-" + threads.size());
        threads.add(thread);
        thread.start();
    }

    boolean areBusy()
    {
        return threads.stream().anyMatch(Thread::isAlive);
    }

    /** Waits for all; throws what went wrong in any. */
    void join() throws Exception
    {
        for (final Thread thread : threads)
        {
            thread.join();
        }
        threads.clear();
        if (failure.get() != null)
        {
            throw failure.get();
        }
    }
}
