package io.farblock.daemon.power;

import io.farblock.replication.status.EpochResult;
import io.farblock.replication.status.SourceStatus.GroupStatus;
import io.farblock.replication.status.SourceStatus.VolumeStatus;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What was measured of one group: how much waits, how fast that grows, how long an epoch takes. Everything comes from
 * the engine's status; what it does not know is -1 here. One thread.
 */
final class GroupMeter
{
    private static final int EPOCHS = 8;
    private static final double NS_PER_SECOND = 1e9;
    /** Epochs of next to nothing are all headers, which says nothing of larger ones. */
    private static final double MOST_WIRE_PER_BYTE = 2;
    /** Of an estimate, so that it never comes out as less than nothing: what takes so long fits nowhere. */
    private static final double LONGEST_NS = 1e18;
    /** Of the mean of the growth. */
    private static final double MEMORY_NS = 30 * NS_PER_SECOND;

    private final Deque<EpochResult> sealed = new ArrayDeque<>(EPOCHS);
    /** Of the epochs that are remembered. */
    private long slowestNs;
    private long quickestNs;
    private double bestBytesPerSecond;
    /** What compression and headers make of a byte that changed. */
    private double wirePerByte = 1;
    private long seenEpoch;
    private long waitingBytes = -1;
    private long sampledNs;
    private double growth = -1;
    private boolean running;
    private long runningForNs;
    /** Of the paths that would carry it; 0 when none was measured. */
    private long pathBytesPerSecond;

    void sample(final GroupStatus status, final long newPathBytesPerSecond, final long nowNs)
    {
        pathBytesPerSecond = newPathBytesPerSecond;
        running = !"idle".equals(status.phase());
        runningForNs = running ? status.elapsedNs() : 0;
        final EpochResult last = status.lastResult();
        if (last != null && last.sealed() && last.epoch() != seenEpoch)
        {
            seenEpoch = last.epoch();
            if (sealed.size() == EPOCHS)
            {
                sealed.removeFirst();
            }
            sealed.addLast(last);
            sumUp();
        }
        grow(waiting(status), nowNs);
    }

    private void sumUp()
    {
        slowestNs = 0;
        quickestNs = Long.MAX_VALUE;
        bestBytesPerSecond = 0;
        double changed = 0;
        double wire = 0;
        for (final EpochResult epoch : sealed)
        {
            slowestNs = Math.max(slowestNs, epoch.elapsedNs());
            quickestNs = Math.min(quickestNs, epoch.elapsedNs());
            bestBytesPerSecond = Math.max(
                bestBytesPerSecond, epoch.wireBytes() * NS_PER_SECOND / Math.max(1, epoch.elapsedNs()));
            changed += epoch.changedBytes();
            wire += epoch.wireBytes();
        }
        wirePerByte = changed == 0 ? 1 : Math.min(MOST_WIRE_PER_BYTE, wire / changed);
    }

    private static long waiting(final GroupStatus status)
    {
        long sum = 0;
        for (final VolumeStatus volume : status.volumes())
        {
            if (volume.markedBytes() < 0 || !volume.gaps().isEmpty())
            {
                return -1;
            }
            sum += volume.markedBytes();
        }
        return sum;
    }

    /** Only between epochs: what is written again while an epoch has it counts once, and a seal takes away. */
    private void grow(final long nowWaiting, final long nowNs)
    {
        final long elapsedNs = nowNs - sampledNs;
        final long grown = nowWaiting - waitingBytes;
        if (waitingBytes >= 0 && nowWaiting >= 0 && grown >= 0 && !running && elapsedNs > 0)
        {
            final double rate = grown * NS_PER_SECOND / elapsedNs;
            growth = growth < 0 ? rate : growth + (rate - growth) * Math.min(1, elapsedNs / MEMORY_NS);
        }
        waitingBytes = nowWaiting;
        sampledNs = nowNs;
    }

    /** What is marked and not sealed; -1 when it is not known, as where changes are found by reading. */
    long waitingBytes()
    {
        return waitingBytes;
    }

    /** How fast that grows; -1 when it is not known. */
    double growthBytesPerSecond()
    {
        return growth;
    }

    boolean isRunning()
    {
        return running;
    }

    /** How long the running epoch has taken so far. */
    long runningForNs()
    {
        return runningForNs;
    }

    /** How long an epoch takes that is cut now; -1 when it is not known. */
    long estimateNs()
    {
        return estimateNs(waitingBytes);
    }

    /** As that, for so many bytes that wait. */
    long estimateNs(final double bytes)
    {
        if (sealed.isEmpty())
        {
            return -1;
        }
        if (bytes < 0)
        {
            return slowestNs;
        }
        final double rate = wireBytesPerSecond();
        return rate <= 0 ? bytes == 0 ? quickestNs : -1 :
            quickestNs + (long)Math.min(LONGEST_NS, bytes * wirePerByte / rate * NS_PER_SECOND);
    }

    /** The best that was seen: the paths' own word is low while they have had little to carry. */
    double wireBytesPerSecond()
    {
        return Math.max(bestBytesPerSecond, pathBytesPerSecond);
    }
}
