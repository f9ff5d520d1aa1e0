package io.farblock.raidsim.array;

import java.util.concurrent.locks.ReentrantLock;

/** One lock for each of a few sets of stripes. A thread holds one at a time. Thread safe. */
final class StripeLocks
{
    private static final int LOCKS = 256;

    private final ReentrantLock[] locks = new ReentrantLock[LOCKS];

    StripeLocks()
    {
        for (int i = 0; i < LOCKS; i++)
        {
            locks[i] = new ReentrantLock();
        }
    }

    ReentrantLock of(final long stripe)
    {
        return locks[(int)(stripe % LOCKS)];
    }
}
