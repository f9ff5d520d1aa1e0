package io.farblock.blockdev.bpf;

import io.farblock.blockdev.dirty.DirtyMap;
import io.farblock.blockdev.dirty.Gap;
import io.farblock.blockdev.dirty.GapCause;
import io.farblock.blockdev.dirty.MarkedTracker;
import io.farblock.blockdev.linux.NativeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.agrona.concurrent.EpochClock;

/**
 * Knows what was written to a disk or partition from programs in the kernel that mark every write, without standing in
 * its way. Programs and marks outlive this object and the process: the next tracker of the same volume on the same
 * device takes them over and finds everything that was written meanwhile. {@link #forget} ends that.
 *
 * <pre>
 *   harvest:  take the marks -> epoch     then look into the table of writes in flight -> marks
 *             ... the caller reads the device only now ...
 * </pre>
 *
 * A write that was marked, taken and had not landed when the caller read is in the table, or its end marks it again:
 * it is in the next epoch. What may have been missed is a gap. Runs on the capture thread of its volume.
 */
public final class BpfTracker implements MarkedTracker
{
    private final EpochClock clock;
    private final Identity identity;
    private final Attachment attachment;
    private final MappedWords words;
    private final VolumeMap map;
    private final InFlightTable inFlight;
    private final GapLedger gaps;

    private BpfTracker(final Identity identity, final Attachment attachment, final EpochClock clock)
    {
        final DirtyLayout layout = DirtyLayout.of(identity.device().sizeBytes());
        this.clock = clock;
        this.identity = identity;
        this.attachment = attachment;
        this.words = attachment.words();
        this.map = new VolumeMap(words, layout);
        this.inFlight = new InFlightTable(attachment.set().maps().inFlight());
        this.gaps = new GapLedger(words, identity.device().sizeBytes());
    }

    /**
     * Tracks a volume from now on, or goes on where an earlier process was. One tracker at a time for each volume.
     *
     * @param pins   where what shall outlive this process is pinned.
     * @param volume its name, the same each time.
     * @param device the node of a disk or partition.
     * @throws IOException when it cannot be tracked; it says what is missing.
     */
    public static BpfTracker open(final BpfFileSystem pins, final String volume, final Path device,
        final EpochClock clock) throws IOException
    {
        final Identity identity = Identity.of(volume, TrackedDevice.of(device));
        final NativeFile lock = pins.lock();
        try
        {
            final Attachment attachment = Attachment.open(pins, identity, clock.time());
            final BpfTracker tracker = new BpfTracker(identity, attachment, clock);
            if (attachment.takenOver())
            {
                tracker.map.recover();
            }
            tracker.check(clock.time());
            return tracker;
        }
        finally
        {
            lock.close();
        }
    }

    /** Ends the tracking of a volume and removes what is pinned for it; nothing, if nothing is. */
    public static void forget(final BpfFileSystem pins, final String volume) throws IOException
    {
        final NativeFile lock = pins.lock();
        try
        {
            final Path pin = pins.volume(Identity.digest(volume));
            if (Files.exists(pin))
            {
                Attachment.forget(pins, pin);
            }
            TrackingSet.removeUnused(pins);
        }
        finally
        {
            lock.close();
        }
    }

    @Override
    public long sizeBytes()
    {
        return identity.device().sizeBytes();
    }

    @Override
    public boolean takenOver()
    {
        return attachment.takenOver();
    }

    @Override
    public int harvest(final DirtyMap epoch)
    {
        final long everything = words.get(Header.EVERYTHING);
        if (everything != words.get(Header.EVERYTHING + Header.ACCOUNTED))
        {
            map.mark(0, epoch.granules() - 1);
            words.set(Header.EVERYTHING + Header.ACCOUNTED, everything);
        }
        map.drainTo(epoch);
        // after the marks were taken: a write that is not in the table any more has landed before the caller reads
        final int result = inFlight.markInto(map, identity.device());
        check(clock.time());
        return Math.min(result, 0);
    }

    @Override
    public void putBack(final DirtyMap epoch)
    {
        map.putBack(epoch);
    }

    @Override
    public void carry(final DirtyMap granules)
    {
        map.markAll(granules);
    }

    @Override
    public boolean isStill()
    {
        check(clock.time());
        // a write that was in flight at the harvest was marked by it, and one that began later by a program
        return map.isEmpty() && words.get(Header.EVERYTHING) == words.get(Header.EVERYTHING + Header.ACCOUNTED);
    }

    @Override
    public void sealed()
    {
        map.forgetPending();
    }

    @Override
    public List<Gap> gaps()
    {
        return gaps.list();
    }

    @Override
    public boolean closeGap(final Gap gap)
    {
        return gaps.close(gap);
    }

    @Override
    public boolean peek(final long firstGroup, final long[] units)
    {
        if (words.get(Header.EVERYTHING) != words.get(Header.EVERYTHING + Header.ACCOUNTED))
        {
            Arrays.fill(units, -1);
            return true;
        }
        return map.peek(firstGroup, units);
    }

    @Override
    public void mark(final long offsetBytes, final long lengthBytes)
    {
        final long end = Math.min(offsetBytes + lengthBytes, identity.device().sizeBytes());
        if (end > offsetBytes)
        {
            map.mark(offsetBytes / DirtyMap.GRANULE_BYTES, (end - 1) / DirtyMap.GRANULE_BYTES);
        }
    }

    /** Lets go of it; the kernel goes on marking. */
    @Override
    public void close()
    {
        attachment.close();
    }

    /** After the marks were taken: whatever was missed before then is noticed now. */
    private void check(final long nowMs)
    {
        final long lastMs = words.get(Header.LAST_HARVEST_MS);
        count(Header.FOREIGN, GapCause.FOREIGN_REQUEST, lastMs, nowMs);
        count(Header.OUT_OF_RANGE, GapCause.OUT_OF_RANGE, lastMs, nowMs);
        count(Header.TABLE_FULL, GapCause.TABLE_FULL, lastMs, nowMs);
        checkSkipped(lastMs, nowMs);
        checkAttachment(lastMs, nowMs);
        words.set(Header.LAST_HARVEST_MS, nowMs);
    }

    private void count(final int counter, final GapCause cause, final long lastMs, final long nowMs)
    {
        final long value = words.get(counter);
        if (value != words.get(counter + Header.ACCOUNTED))
        {
            // recorded before it is accounted for: a process that dies between records it twice, not never
            gaps.open(cause, lastMs, nowMs);
            words.set(counter + Header.ACCOUNTED, value);
        }
    }

    /** On a request-based disk a write is lost only if both its begin and its end were. */
    private void checkSkipped(final long lastMs, final long nowMs)
    {
        final long begins = attachment.set().programs().skippedBegins();
        final long ends = attachment.set().programs().skippedEnds();
        if (begins < 0 || ends < 0)
        {
            gaps.open(GapCause.UNCHECKED, lastMs, nowMs);
            return;
        }
        final boolean lostEnds = ends > words.get(Header.SKIPPED_ENDS);
        if (begins > words.get(Header.SKIPPED_BEGINS) && (lostEnds || identity.device().kind() == DeviceKind.BIO))
        {
            gaps.open(GapCause.SKIPPED_RUNS, lastMs, nowMs);
            words.set(Header.SKIPPED_BEGINS, begins);
            words.set(Header.SKIPPED_ENDS, ends);
        }
    }

    private void checkAttachment(final long lastMs, final long nowMs)
    {
        try
        {
            if (!attachment.isTracked() && !gaps.goesOn(GapCause.DETACHED))
            {
                gaps.open(GapCause.DETACHED, lastMs, 0);
            }
            final TrackedDevice now = identity.device().again();
            final GapCause mismatch = Identity.deviceMismatch(words, now);
            if (mismatch != null && !gaps.goesOn(mismatch))
            {
                // until it is opened anew, which makes a map for what is there now
                gaps.open(mismatch, lastMs, 0);
            }
            if (gaps.goesOn(GapCause.BUSY_ATTACH) && now.writesInFlight() == 0)
            {
                gaps.end(GapCause.BUSY_ATTACH, nowMs);
            }
        }
        catch (final IOException | NumberFormatException ex)
        {
            gaps.open(GapCause.UNCHECKED, lastMs, nowMs);
        }
    }
}
