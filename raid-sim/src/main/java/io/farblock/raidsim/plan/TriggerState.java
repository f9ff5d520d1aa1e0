package io.farblock.raidsim.plan;

import java.util.SplittableRandom;

/**
 * A trigger while a plan runs: knows what it waits for next. What it draws does not depend on how often it is asked, so
 * a plan strikes alike whether it is stepped at each request or now and then. Belongs to the thread that steps.
 */
final class TriggerState
{
    private static final double HOUR_NS = 3.6e12;

    private final Trigger trigger;
    private final PlanSubject subject;
    private final int disk;
    private final SplittableRandom random;
    private double next;
    private boolean held;

    TriggerState(final Trigger trigger, final PlanSubject subject, final int disk, final SplittableRandom random)
    {
        this.trigger = trigger;
        this.subject = subject;
        this.disk = disk;
        this.random = random;
        this.next = progress(0) + gap();
    }

    /** Whether it is time; says so once for each time. */
    boolean isDue(final long elapsedNs)
    {
        if (trigger instanceof Trigger.When when)
        {
            final boolean before = held;
            held = when.condition().holds(subject, elapsedNs);
            return held && !before;
        }
        final boolean due = progress(elapsedNs) >= next;
        next += due ? gap() : 0;
        return due;
    }

    /** How far that has come which the trigger looks at. */
    private double progress(final long elapsedNs)
    {
        if (trigger instanceof Trigger.AfterOperations || trigger instanceof Trigger.PerOperation)
        {
            return subject.operations(disk);
        }
        return trigger instanceof Trigger.AfterBytes ? subject.bytes(disk) : elapsedNs;
    }

    /** How far it has to come from one time to the next. */
    private double gap()
    {
        if (trigger instanceof Trigger.At at)
        {
            return at.timeNs();
        }
        if (trigger instanceof Trigger.AfterOperations after)
        {
            return after.operations();
        }
        if (trigger instanceof Trigger.AfterBytes after)
        {
            return after.bytes();
        }
        if (trigger instanceof Trigger.PerHour per)
        {
            return -Math.log(1 - random.nextDouble()) * HOUR_NS / per.times();
        }
        return trigger instanceof Trigger.PerOperation per ? requests(per.probability()) : 0;
    }

    /** How many requests it takes until one is hit: a geometric distribution. */
    private double requests(final double probability)
    {
        return probability >= 1 ? 1 :
            1 + Math.floor(Math.log(1 - random.nextDouble()) / Math.log1p(-probability));
    }
}
