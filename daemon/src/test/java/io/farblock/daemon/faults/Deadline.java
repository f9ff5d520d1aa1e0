package io.farblock.daemon.faults;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waiting for a condition, but not for ever. Stateless. */
public final class Deadline
{
    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(10);

    private Deadline()
    {
    }

    /** A question that may fail. */
    public interface Condition
    {
        boolean holds() throws Exception;
    }

    public static void await(final String what, final long seconds, final Condition condition)
    {
        final long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (!holds(condition))
        {
            if (System.nanoTime() - endNs > 0)
            {
                throw new AssertionError("waited " + seconds + " s in vain: " + what);
            }
            LockSupport.parkNanos(LOOK_NS);
        }
    }

    /** Lets time pass, for a fault that is to come at a moment nobody can foresee. */
    public static void pass(final long milliseconds)
    {
        final long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(milliseconds);
        while (System.nanoTime() - endNs < 0)
        {
            LockSupport.parkNanos(endNs - System.nanoTime());
        }
    }

    private static boolean holds(final Condition condition)
    {
        try
        {
            return condition.holds();
        }
        catch (final RuntimeException ex)
        {
            throw ex;
        }
        catch (final Exception ex)
        {
            throw new AssertionError(ex);
        }
    }
}
