package io.farblock.replication;

import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.collections.ArrayUtil;
import org.agrona.concurrent.IdleStrategy;

/**
 * Agents that hand work to each other, and how their threads wait for it. Few cores, many stages: spinning would take
 * the processor from the stage that has the work, and waking a thread for each block would cost more than the block. So
 * a stage looks again after {@value #SHORTEST_NAP_US} to {@value #LONGEST_NAP_US} microseconds by itself while an epoch
 * runs, and sleeps until it is woken when nothing has come for longer.
 *
 * <p>Any thread signals; one without sleepers, as in a simulation, does nothing.
 */
public final class Wakeup
{
    private static final long SHORTEST_NAP_US = 20;
    private static final long LONGEST_NAP_US = 160;
    private static final int YIELDS = 4;
    /** What depends on time alone, such as a heartbeat, waits no longer than this. */
    private static final long SLEEP_NS = TimeUnit.MILLISECONDS.toNanos(20);

    private final long sleepNs;
    private volatile Sleeper[] sleepers = {};

    public Wakeup()
    {
        this(SLEEP_NS);
    }

    /** For agents that nobody hands work: they wait no longer than this. */
    public Wakeup(final long sleepNs)
    {
        this.sleepNs = sleepNs;
    }

    /** There may be work: wakes every thread of these that sleeps. */
    public void signal()
    {
        // Sequences are published without a full fence: else a thread that goes to sleep just now is seen awake here,
        // while its last look did not see the work.
        VarHandle.fullFence();
        final Sleeper[] all = sleepers;
        for (int i = 0; i < all.length; i++)
        {
            all[i].wake();
        }
    }

    /** How one more thread of these waits. */
    synchronized IdleStrategy join()
    {
        final Sleeper sleeper = new Sleeper();
        sleepers = ArrayUtil.add(sleepers, sleeper);
        return sleeper;
    }

    /** Of one thread, which alone calls all but {@link #wake()}; both sides write {@code asleep}, its whole point. */
    private final class Sleeper implements IdleStrategy
    {
        private volatile Thread asleep;
        private int yields;
        private long napUs = SHORTEST_NAP_US;

        @Override
        public void idle(final int workCount)
        {
            if (workCount > 0)
            {
                reset();
            }
            else
            {
                idle();
            }
        }

        @Override
        public void idle()
        {
            if (yields < YIELDS)
            {
                yields++;
                Thread.yield();
            }
            else if (napUs <= LONGEST_NAP_US)
            {
                LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(napUs));
                napUs *= 2;
            }
            else if (asleep == null)
            {
                // Said before the last look for work: what comes after that look finds a thread to wake.
                asleep = Thread.currentThread();
            }
            else
            {
                LockSupport.parkNanos(sleepNs);
            }
        }

        @Override
        public void reset()
        {
            yields = 0;
            napUs = SHORTEST_NAP_US;
            if (asleep != null)
            {
                asleep = null;
            }
        }

        private void wake()
        {
            final Thread thread = asleep;
            if (thread != null)
            {
                // Once: the thread says so again when it has looked in vain.
                asleep = null;
                LockSupport.unpark(thread);
            }
        }
    }
}
