package io.farblock.daemon.demo;

import io.farblock.daemon.control.ControlClient;
import io.farblock.daemon.control.ControlException;
import io.farblock.daemon.control.Reply;
import io.farblock.daemon.control.Request;
import io.farblock.replication.status.EpochResult;
import io.farblock.replication.status.SourceStatus.GroupStatus;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.agrona.concurrent.NanoClock;

/**
 * Asks the source for an epoch and shows its progress until it is sealed. One epoch, the story's thread; other threads
 * may read how much is scanned. An epoch that shows no progress at all for two minutes is a failure.
 */
final class EpochFollower
{
    private static final long STALL_LIMIT_NS = TimeUnit.MINUTES.toNanos(2);

    private final DemoScreen screen;
    private final NanoClock clock;
    private volatile double scannedShare;
    private String saidReason = "";
    private long lastSum = -1;
    private long lastMoveNs;

    EpochFollower(final DemoScreen screen, final NanoClock clock)
    {
        this.screen = screen;
        this.clock = clock;
        this.lastMoveNs = clock.nanoTime();
    }

    /** Share of the device that has been read, 0 to 1. */
    double scannedShare()
    {
        return scannedShare;
    }

    /** An epoch whose progress is what has been read of the device. */
    EpochResult follow(final DemoSite source, final String label) throws ControlException, DemoException
    {
        return follow(source, label, GroupStatus::scannedBytes, 0);
    }

    /** @param expectedBytes the whole of what {@code done} measures; 0 for the epoch's own total. */
    EpochResult follow(final DemoSite source, final String label, final ToLongFunction<GroupStatus> done,
        final long expectedBytes) throws ControlException, DemoException
    {
        screen.begin(label);
        try (ControlClient client = source.client())
        {
            final EpochResult result = client.ask(Request.epoch(DemoSites.GROUP, true), reply ->
                show(reply, done, expectedBytes)).epoch();
            if (!result.sealed())
            {
                throw new DemoException("the epoch failed: " + result.reason());
            }
            return result;
        }
        catch (final StalledException stalled)
        {
            throw new DemoException(stalled.getMessage());
        }
        finally
        {
            screen.end();
        }
    }

    private void show(final Reply reply, final ToLongFunction<GroupStatus> done, final long expectedBytes)
    {
        final GroupStatus group = reply.group();
        if (group.totalBytes() > 0)
        {
            scannedShare = (double)group.scannedBytes() / group.totalBytes();
        }
        screen.update(done.applyAsLong(group), expectedBytes > 0 ? expectedBytes : group.totalBytes(),
            group.payloadBytes() > 0 ? (double)group.changedBytes() / group.payloadBytes() : 0);
        final String reason = "waiting".equals(group.phase()) ? String.valueOf(group.reason()) : "";
        if (!reason.isEmpty() && !reason.equals(saidReason))
        {
            screen.say("  alpha waits: " + reason);
        }
        saidReason = reason;
        final long nowNs = clock.nanoTime();
        final long sum = group.scannedBytes() + group.wireBytes() + group.phase().hashCode();
        if (sum != lastSum)
        {
            lastSum = sum;
            lastMoveNs = nowNs;
        }
        else if (nowNs - lastMoveNs > STALL_LIMIT_NS)
        {
            throw new StalledException("the epoch has not moved for two minutes; phase " + group.phase() + " "
                + group.reason());
        }
    }

    /** Ends the wait from within a progress line; does not leave this class. */
    private static final class StalledException extends RuntimeException
    {
        private StalledException(final String message)
        {
            super(message);
        }
    }
}
