package io.farblock.powersim;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * A host on a {@link PowerRail}, as one process: a cut kills it, with nothing said to it before; restored, it is
 * started again. The rail holds the disks while it dies, so it never sees one of them without power. Thread safe; does
 * not survive a failing start: then it stays dead, and says so.
 */
public final class PoweredProcess implements PoweredThing, AutoCloseable
{
    private final String name;
    private final Start start;
    private Process process;

    /** @param start makes the process; called now, and at each {@link #restore}. */
    public PoweredProcess(final String name, final Start start)
    {
        this.name = name;
        this.start = start;
        restore();
    }

    @Override
    public String name()
    {
        return name;
    }

    @Override
    public void still(final Runnable whileStill)
    {
        whileStill.run();
    }

    @Override
    public synchronized CutReport cut(final long seed)
    {
        if (process == null)
        {
            throw new IllegalStateException(name + " has no power already; expected restore() before the next cut");
        }
        close();
        return CutReport.nothing(seed);
    }

    @Override
    public synchronized void restore()
    {
        if (process == null)
        {
            try
            {
                process = start.process();
            }
            catch (final IOException ex)
            {
                throw new UncheckedIOException("cannot start " + name + ": " + ex.getMessage(), ex);
            }
        }
    }

    /** Whether the power is gone; a process that ended by itself has had power. */
    @Override
    public synchronized boolean isDead()
    {
        return process == null;
    }

    /** What runs now; null without power. */
    public synchronized Process process()
    {
        return process;
    }

    /** Kills it, if it runs, and returns when it is gone. */
    @Override
    public synchronized void close()
    {
        if (process != null)
        {
            process.destroyForcibly().onExit().join();
            process = null;
        }
    }

    /** How it is started. */
    @FunctionalInterface
    public interface Start
    {
        Process process() throws IOException;
    }
}
