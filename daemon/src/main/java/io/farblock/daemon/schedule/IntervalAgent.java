package io.farblock.daemon.schedule;

import io.farblock.daemon.engine.Engine;
import io.farblock.replication.status.EpochResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.agrona.concurrent.NanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks for an epoch of each group when its interval has passed since the last one began; the first at once. An epoch
 * that still runs when the next is due is not doubled: the next begins one interval after that was noticed.
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

    /** When a group is due next. */
    private final class Timer
    {
        private final String group;
        private final long intervalNs;
        private long dueNs;
        private CompletableFuture<EpochResult> running;
        /** The running epoch was said to be late. */
        private boolean late;
        /** Why the last epoch failed, which is not said again each second; written by the thread that ends an epoch. */
        private volatile String failure = "";

        private Timer(final String group, final long intervalNs, final long dueNs)
        {
            this.group = group;
            this.intervalNs = intervalNs;
            this.dueNs = dueNs;
        }

        private int step(final long nowNs)
        {
            // Differences, because a nano clock may pass the largest long.
            if (nowNs - dueNs < 0)
            {
                return 0;
            }
            dueNs = nowNs + intervalNs;
            if (running != null && !running.isDone())
            {
                if (!late)
                {
                    late = true;
                    LOG.warn("epoch-late group={} interval_s={} the last epoch still runs; none is started on top of " +
                        "it", group, intervalNs / 1_000_000_000L);
                }
                return 0;
            }
            late = false;
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
