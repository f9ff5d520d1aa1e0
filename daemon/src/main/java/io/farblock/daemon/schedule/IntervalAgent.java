package io.farblock.daemon.schedule;

import io.farblock.daemon.engine.Engine;
import io.farblock.replication.status.EpochResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.agrona.concurrent.NanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks for an epoch of each group when its interval has passed since the last one began; the first at once. An epoch
 * that still runs when the next is due is not doubled: the next begins one interval after that was noticed. Groups are
 * asked about in the order in which they were added.
 *
 * <p>Whoever knows of the power may change the pace, call for an epoch now, and close the gate: a group that is due
 * and held back stays due.
 *
 * <p>Stepped by one thread through {@link #doWork()}; time is injected. An epoch that fails is logged with its reason
 * and tried again when the group is due again.
 */
public final class IntervalAgent
{
    private static final Logger LOG = LoggerFactory.getLogger(IntervalAgent.class);

    private final Engine engine;
    private final NanoClock clock;
    private final List<Timer> timers = new ArrayList<>();
    private Predicate<String> gate = group -> true;

    public IntervalAgent(final Engine engine, final NanoClock clock)
    {
        this.engine = engine;
        this.clock = clock;
    }

    /** Adds a group, due at once. To be called before the first step. */
    public void add(final String group, final Duration interval)
    {
        timers.add(new Timer(group, interval.toNanos(), clock.nanoTime()));
    }

    /** Adds a group that is due only when it is called for, or given a pace. To be called before the first step. */
    public void addOnDemand(final String group)
    {
        timers.add(new Timer(group, 0, clock.nanoTime()));
    }

    /** Asked before each epoch: whether it may begin. One gate; open without one. */
    public void gate(final Predicate<String> mayBegin)
    {
        gate = mayBegin;
    }

    /** An interval that counts where it is shorter than the group's own, from the last epoch's begin; null for none. */
    public void shorten(final String group, final Duration interval)
    {
        timer(group).shorten(interval == null ? -1 : interval.toNanos());
    }

    /** An epoch as soon as it may begin and none runs that was begun before. */
    public void callFor(final String group)
    {
        timer(group).wanted = true;
    }

    /** Whether an epoch should begin now, and has not. */
    public boolean isDue(final String group)
    {
        return timer(group).isDue(clock.nanoTime());
    }

    /** Whether somebody called for an epoch that has not begun. */
    public boolean isCalledFor(final String group)
    {
        return timer(group).wanted;
    }

    /** Whether one that was asked for here has not ended. */
    public boolean isRunning(final String group)
    {
        return timer(group).isRunning();
    }

    /** The group's own interval; 0 when its epochs come on demand only. */
    public long ownIntervalNs(final String group)
    {
        return timer(group).ownNs;
    }

    /** Until the next epoch is due by the group's own interval; {@link Long#MAX_VALUE} when none ever is. */
    public long dueInNs(final String group)
    {
        final Timer timer = timer(group);
        return timer.ownNs == 0 ? Long.MAX_VALUE :
            Math.max(0, timer.beganNs + timer.ownNs - clock.nanoTime());
    }

    /** @return how many epochs it asked for. */
    public int doWork()
    {
        int asked = 0;
        for (final Timer timer : timers)
        {
            asked += timer.step(clock.nanoTime());
        }
        return asked;
    }

    private Timer timer(final String group)
    {
        return timers.stream().filter(timer -> timer.group.equals(group)).findFirst().orElseThrow(() ->
            new IllegalArgumentException("no group " + group + " is in the schedule"));
    }

    /** When a group is due next. */
    private final class Timer
    {
        private final String group;
        /** 0 when only somebody's call makes it due. */
        private final long ownNs;
        /** Instead of its own, where it is shorter; -1 for none. */
        private long paceNs = -1;
        private long dueNs;
        private long beganNs;
        private boolean wanted;
        private CompletableFuture<EpochResult> running;
        /** The running epoch was said to be late. */
        private boolean late;
        /** Why the last epoch failed, which is not said again each second; written by the thread that ends an epoch. */
        private volatile String failure = "";

        private Timer(final String group, final long ownNs, final long nowNs)
        {
            this.group = group;
            this.ownNs = ownNs;
            this.dueNs = nowNs;
            this.beganNs = nowNs - ownNs;
        }

        private long effectiveNs()
        {
            return paceNs < 0 || ownNs > 0 && ownNs < paceNs ? ownNs : paceNs;
        }

        private void shorten(final long newPaceNs)
        {
            if (newPaceNs != paceNs)
            {
                paceNs = newPaceNs;
                dueNs = beganNs + effectiveNs();
            }
        }

        private boolean isRunning()
        {
            return running != null && !running.isDone();
        }

        private boolean isDue(final long nowNs)
        {
            // Differences, because a nano clock may pass the largest long.
            return wanted && !isRunning() || effectiveNs() > 0 && nowNs - dueNs >= 0;
        }

        private int step(final long nowNs)
        {
            if (!isDue(nowNs))
            {
                return 0;
            }
            if (isRunning())
            {
                dueNs = nowNs + effectiveNs();
                sayLate();
                return 0;
            }
            if (!gate.test(group))
            {
                return 0;
            }
            late = false;
            wanted = false;
            beganNs = nowNs;
            dueNs = nowNs + effectiveNs();
            try
            {
                running = engine.epochNow(group);
                running.whenComplete(this::report);
            }
            catch (final RuntimeException unexpected)
            {
                running = null;
                LOG.error("epoch-error group={}", group, unexpected);
            }
            return 1;
        }

        private void sayLate()
        {
            if (!late)
            {
                late = true;
                LOG.warn("epoch-late group={} interval_s={} the last epoch still runs; none is started on top of it",
                    group, effectiveNs() / 1_000_000_000L);
            }
        }

        private void report(final EpochResult result, final Throwable unexpected)
        {
            if (unexpected != null)
            {
                LOG.error("epoch-error group={}", group, unexpected);
            }
            else if (result.sealed())
            {
                failure = "";
                LOG.info("epoch-sealed group={} epoch={} changed_bytes={} wire_bytes={} elapsed_ms={}", group,
                    result.epoch(), result.changedBytes(), result.wireBytes(), result.elapsedNs() / 1_000_000);
            }
            else if (!result.reason().equals(failure))
            {
                failure = result.reason();
                LOG.warn("epoch-failed group={} epoch={} reason=\"{}\"", group, result.epoch(), result.reason());
            }
        }
    }
}
