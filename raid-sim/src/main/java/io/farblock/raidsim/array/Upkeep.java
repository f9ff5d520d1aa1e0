package io.farblock.raidsim.array;

import io.farblock.blockdev.raid.SyncProgress;
import io.farblock.raidsim.array.ArrayEvent.Kind;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * What an array does by itself: resync after a crash, rebuild onto a spare, fill a replacement, scrub when told to, and
 * say that it is clean when nobody writes. One thread calls {@link #work} again and again; anyone asks how far it is.
 */
final class Upkeep
{
    private static final long TICK_NS = TimeUnit.SECONDS.toNanos(1);

    private final Supplier<SyncJob> nextJob;
    private final Runnable tick;
    private final StripeBuffers buffers;
    private final EventLog log;
    private volatile SyncJob job;
    private volatile long limitBytesPerSecond;
    private volatile boolean stopRequested;
    private volatile long lastMismatchSectors;
    private volatile long speedBytesPerSecond;
    private long dueNs = Long.MIN_VALUE;
    private long tickNs = Long.MIN_VALUE;
    private long jobStartNs;
    private long jobBytes;

    Upkeep(final Supplier<SyncJob> nextJob, final Runnable tick, final StripeBuffers buffers, final EventLog log)
    {
        this.nextJob = nextJob;
        this.tick = tick;
        this.buffers = buffers;
        this.log = log;
    }

    /**
     * Does one step of what is due.
     *
     * @return nanoseconds until there may be more to do; 0 for at once.
     */
    long work(final long nowNs)
    {
        if (tickNs == Long.MIN_VALUE || nowNs - tickNs >= TICK_NS)
        {
            tickNs = nowNs;
            tick.run();
        }
        if (job == null)
        {
            begin(nowNs);
        }
        if (job == null)
        {
            return TICK_NS - (nowNs - tickNs);
        }
        if (limitBytesPerSecond > 0 && dueNs > nowNs)
        {
            return Math.min(dueNs - nowNs, TICK_NS - (nowNs - tickNs));
        }
        step(nowNs);
        return 0;
    }

    private void begin(final long nowNs)
    {
        stopRequested = false;
        job = nextJob.get();
        if (job != null)
        {
            jobStartNs = nowNs;
            jobBytes = 0;
            dueNs = nowNs;
            log.add(Kind.SYNC_STARTED, -1, job.action() + " began" + subject());
        }
    }

    private void step(final long nowNs)
    {
        final int bytes = stopRequested ? SyncJob.DONE : job.step(buffers);
        lastMismatchSectors = job.mismatchSectors();
        if (bytes == SyncJob.DONE)
        {
            end();
            return;
        }
        jobBytes += bytes;
        final long limit = limitBytesPerSecond;
        dueNs = limit > 0 ? Math.max(dueNs, nowNs - TICK_NS / 10) + bytes * TICK_NS / limit : nowNs;
        final long elapsedNs = nowNs - jobStartNs;
        speedBytesPerSecond = elapsedNs > 0 ? (long)(jobBytes / (elapsedNs / (double)TICK_NS)) : 0;
    }

    private void end()
    {
        final SyncJob ended = job;
        job = null;
        final boolean whole = ended.doneSectors() >= ended.totalSectors();
        log.add(whole && !stopRequested ? Kind.SYNC_ENDED : Kind.SYNC_STOPPED, -1, ended.action() +
            (ended instanceof RecoverJob recover ? ": " + recover.outcome() : whole ? " ended" : " was stopped") +
            (ended instanceof ScrubJob ? ", " + ended.mismatchSectors() + " sectors differ" : ""));
    }

    private String subject()
    {
        return job instanceof RecoverJob recover ? ": " + recover : "";
    }

    /** At most so much of each member a second; 0 for no limit. */
    void limit(final long bytesPerSecond)
    {
        limitBytesPerSecond = bytesPerSecond;
    }

    /** Gives up the scrub that runs; resyncs and rebuilds begin anew where they were. */
    void stop()
    {
        stopRequested = true;
    }

    /** md's word for what runs. */
    String action()
    {
        final SyncJob running = job;
        return running == null ? "idle" : running.action();
    }

    SyncProgress progress()
    {
        final SyncJob running = job;
        return running == null ? new SyncProgress(0, 0, 0, false) :
            new SyncProgress(running.doneSectors(), running.totalSectors(), speedBytesPerSecond / 1024, false);
    }

    /** Found by the last check or repair. */
    long mismatchSectors()
    {
        return lastMismatchSectors;
    }
}
