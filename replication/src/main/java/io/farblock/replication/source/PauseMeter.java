package io.farblock.replication.source;

import io.farblock.replication.status.SourceStatus.PauseStatus;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * How long a group's writers were held up by its cuts, since launch. Written by the capture thread; status is read by
 * any.
 */
final class PauseMeter
{
    private static final long LONGEST_NS = TimeUnit.HOURS.toNanos(1);

    private final Histogram histogram = new Histogram(LONGEST_NS, 3);
    private final long budgetNs;
    private volatile PauseStatus status;

    PauseMeter(final long budgetNs)
    {
        this.budgetNs = budgetNs;
        this.status = new PauseStatus(budgetNs, 0, 0, 0, 0, 0);
    }

    /** Counts a pause, whether its epoch came of it or not. */
    void count(final long pauseNs)
    {
        histogram.recordValue(Math.min(pauseNs, LONGEST_NS));
        status = new PauseStatus(budgetNs, histogram.getTotalCount(), pauseNs, histogram.getValueAtPercentile(50),
            histogram.getValueAtPercentile(99), Math.max(pauseNs, status.maxNs()));
    }

    PauseStatus status()
    {
        return status;
    }
}
