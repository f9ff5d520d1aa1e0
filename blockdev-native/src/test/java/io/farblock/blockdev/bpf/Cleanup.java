package io.farblock.blockdev.bpf;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/** Closes what a test has opened, the last first, each even if another fails. One thread. */
public final class Cleanup
{
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    public <T extends AutoCloseable> T add(final T resource)
    {
        opened.push(resource);
        return resource;
    }

    public void run() throws IOException
    {
        IOException failure = null;
        while (!opened.isEmpty())
        {
            try
            {
                opened.pop().close();
            }
            catch (final Exception ex)
            {
                failure = failure == null ? new IOException("cannot clean up", ex) : failure;
            }
        }
        if (failure != null)
        {
            throw failure;
        }
    }
}
