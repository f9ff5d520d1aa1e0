package io.farblock.replication.sim;

import java.io.IOException;
import java.util.Random;

/**
 * Who writes to the source's volumes while they are read: through a file system that can be frozen, stopped and started
 * by commands, and now and then somebody who does not care whether it is frozen. Outlives processes.
 */
final class SimApplication
{
    private final Random random;
    private Runnable write = () -> { };
    private boolean careless;
    private int writesLeft;
    private boolean eager;
    private boolean frozen;
    private boolean resting;
    private boolean freezeBroken;

    SimApplication(final Random random)
    {
        this.random = random;
    }

    /** @param newWrite changes something on some volume. */
    void writesBy(final Runnable newWrite)
    {
        write = newWrite;
    }

    /** From now on it writes so many times while devices are read, and else only when the driver says so. */
    void busy(final int writes, final boolean isEager)
    {
        writesLeft = writes;
        eager = isEager;
    }

    /** Whether somebody writes also while it is frozen or at rest. */
    void careless(final boolean isCareless)
    {
        careless = isCareless;
    }

    boolean isResting()
    {
        return resting;
    }

    /** Called where a real one could write, in the midst of the source's steps. */
    void mayWrite()
    {
        if (writesLeft == 0 || random.nextInt(eager ? 2 : 6) != 0)
        {
            return;
        }
        if (frozen && random.nextInt(8) == 0)
        {
            // The watchdog, or somebody's hand.
            frozen = false;
            freezeBroken = true;
        }
        if (!frozen && !resting || careless && random.nextInt(eager ? 4 : 10) == 0)
        {
            writesLeft--;
            write.run();
        }
    }

    void freeze()
    {
        frozen = true;
        freezeBroken = false;
    }

    /** Whether it was frozen all the time. */
    boolean thaw()
    {
        frozen = false;
        return !freezeBroken;
    }

    void hook(final String command) throws IOException
    {
        if (command.equals("before") && writesLeft > 0 && random.nextInt(20) == 0)
        {
            resting = random.nextBoolean();
            throw new IOException("the hook that stops the application failed");
        }
        resting = command.equals("before");
    }

    /** Its process is dead: the watchdog thaws; who was stopped stays so. */
    void sourceDied()
    {
        frozen = false;
        freezeBroken = true;
    }
}
