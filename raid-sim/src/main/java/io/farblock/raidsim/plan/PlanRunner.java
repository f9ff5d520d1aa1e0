package io.farblock.raidsim.plan;

import io.farblock.blockdev.Errno;
import io.farblock.raidsim.disk.DiskFault;
import io.farblock.raidsim.disk.FaultHit;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Carries out a plan: injects each fault when its trigger says so, takes it back when its time is over, and writes a
 * line for each of that and for the first request that each fault strikes. That log is what marks a damage as ours.
 *
 * <p>{@link #step()} belongs to whoever drives the array. {@link #hit} is for the listeners of the disks, may come from
 * any thread and never waits for a step: it is called under a disk's lock, which a step may want. Lines are written one
 * at a time, by a consumer that must not call back.
 */
public final class PlanRunner
{
    private final PlanSubject subject;
    private final Consumer<String> log;
    private final long beganNs;
    private final List<Entry> entries = new ArrayList<>();
    /** Guards itself and the order of the log. */
    private final Map<DiskFault, PlannedFault> notYetStruck = new IdentityHashMap<>();
    private long injected;

    /** The plan begins now. */
    public PlanRunner(final FaultPlan plan, final PlanSubject subject, final Consumer<String> log)
    {
        this.subject = subject;
        this.log = log;
        this.beganNs = subject.nowNs();
        final SplittableRandom random = new SplittableRandom(plan.seed());
        for (final PlannedFault planned : plan.faults())
        {
            entries.add(new Entry(planned, random.split(), plan.name()));
        }
    }

    /** Does what is due. Costs little when nothing is. */
    public void step()
    {
        final long elapsedNs = subject.nowNs() - beganNs;
        for (int i = 0; i < entries.size(); i++)
        {
            entries.get(i).step(elapsedNs);
        }
    }

    /** A fault struck on a disk; those that this plan did not inject are none of its business. */
    public void hit(final int disk, final FaultHit hit)
    {
        synchronized (notYetStruck)
        {
            if (notYetStruck.remove(hit.fault()) != null)
            {
                log.accept(String.format(Locale.ROOT, "hit time=%s disk=%d fault=\"%s\" operation=%s offset=%d " +
                    "length=%d answer=%s", seconds(), disk, hit.fault(), hit.operation(), hit.offsetBytes(),
                    hit.lengthBytes(), hit.isSilent() ? "silent" : '"' + Errno.describe(hit.errno()) + '"'));
            }
        }
    }

    /** How many faults it has injected. */
    public long injected()
    {
        return injected;
    }

    private void write(final String what, final PlannedFault planned, final DiskFault fault, final String reason)
    {
        log.accept(String.format(Locale.ROOT, "%s time=%s disk=%d fault=\"%s\" reason=\"%s\"",
            what, seconds(), planned.disk(), fault, reason));
    }

    private String seconds()
    {
        return String.format(Locale.ROOT, "%.3fs", (subject.nowNs() - beganNs) / 1e9);
    }

    /** One entry of the plan, and how far it has come; belongs to the thread that steps. */
    private final class Entry
    {
        private final PlannedFault planned;
        private final SplittableRandom random;
        private final TriggerState trigger;
        private final String reason;
        private final List<DiskFault> toHeal = new ArrayList<>();
        private int left;

        Entry(final PlannedFault planned, final SplittableRandom random, final String plan)
        {
            this.planned = planned;
            this.random = random;
            this.trigger = new TriggerState(planned.trigger(), subject, planned.disk(), random.split());
            this.reason = planned.triggerText().replace('"', '\'') + ", " + plan + ":" + planned.line();
            this.left = planned.times();
        }

        void step(final long elapsedNs)
        {
            if (elapsedNs >= planned.untilNs())
            {
                left = 0;
                toHeal.forEach(this::heal);
                toHeal.clear();
            }
            while (left > 0 && trigger.isDue(elapsedNs))
            {
                left--;
                inject(planned.maker().make(random));
            }
        }

        private void inject(final DiskFault fault)
        {
            injected++;
            if (planned.untilNs() != Long.MAX_VALUE)
            {
                toHeal.add(fault);
            }
            // before the injection: a request on another thread may be struck right after it
            synchronized (notYetStruck)
            {
                notYetStruck.put(fault, planned);
                write("inject", planned, fault, reason);
            }
            subject.inject(planned.disk(), fault);
        }

        private void heal(final DiskFault fault)
        {
            subject.heal(planned.disk(), fault);
            synchronized (notYetStruck)
            {
                notYetStruck.remove(fault);
                write("heal", planned, fault, "until, line " + planned.line());
            }
        }
    }
}
