package io.farblock.replication.marks;

import io.farblock.blockdev.dirty.DirtyMap;
import io.farblock.blockdev.dirty.DirtyTracker;
import io.farblock.blockdev.dirty.Gap;
import io.farblock.blockdev.dirty.MarkedTracker;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * A volume's tracker, whose marks are written down besides. A mark leaves the file only after the kernel's map has let
 * go of it, which it does when the epoch that took it is sealed; whatever was marked until then is seen in the same
 * look. So the file holds, at every moment, what was marked and not sealed when its last look began.
 *
 * <p>Two threads: the capture thread tracks, {@code src-marks} looks and writes. A look waits for a harvest that runs,
 * and the other way round, some milliseconds; nobody waits for the disk but the writer. A write that fails throws
 * {@link MarkException}; what is on disk is then older than it should be.
 */
public final class MarkKeeper implements DirtyTracker
{
    private static final byte[] NO_FINGERPRINT = new byte[MarkHeader.FINGERPRINT_BYTES];

    private final MarkedTracker tracker;
    private final UUID boot;
    private final Object writing = new Object();
    private final long[] words = new long[MarkFile.WORDS_PER_PAGE];
    private MarkFile file;
    /** What the header on disk says is missing; null before the first write of this life. */
    private String written;
    private volatile boolean closed;

    /** Opens a file in the place of the present one, which is closed. */
    interface Opening
    {
        MarkFile open() throws IOException;
    }

    /**
     * Takes both over, and closes them.
     *
     * @param file that has been read.
     * @param boot the present start of the kernel.
     */
    MarkKeeper(final MarkedTracker tracker, final MarkFile file, final UUID boot)
    {
        this.tracker = tracker;
        this.file = file;
        this.boot = boot;
    }

    /**
     * Looks, and writes down what has changed since the last time; nothing, if nothing has.
     *
     * @param nowMs of the look's begin, since 1970.
     * @return whether something was written.
     * @throws MarkException when that failed; {@link #restart} is needed before the next.
     */
    public boolean keep(final long nowMs) throws MarkException
    {
        synchronized (writing)
        {
            if (closed)
            {
                return false;
            }
            final String incomplete = look();
            if (!file.hasChanged() && incomplete.equals(written))
            {
                return false;
            }
            file.write(boot, nowMs, incomplete, false, NO_FINGERPRINT);
            written = incomplete;
            return true;
        }
    }

    /**
     * Says that this is the last: nothing was marked since the last {@link #keep}, nothing will be written any more.
     *
     * @return false, and nothing is said, when something was marked, or the marks do not tell all.
     */
    boolean finish(final long nowMs, final byte[] fingerprint) throws MarkException
    {
        synchronized (writing)
        {
            final String incomplete = look();
            if (file.hasChanged() || !incomplete.isEmpty() || !"".equals(written))
            {
                return false;
            }
            file.write(boot, nowMs, "", true, fingerprint);
            return true;
        }
    }

    /** Goes on with another file, which knows nothing: the next {@link #keep} writes all. */
    void restart(final Opening fresh) throws IOException
    {
        synchronized (writing)
        {
            if (!closed)
            {
                file.close();
                file = fresh.open();
                written = null;
            }
        }
    }

    /** How much would be lost with the marks, in whole units, as the last look saw it; -1 once closed. */
    long lookedBytes()
    {
        synchronized (writing)
        {
            return closed ? -1 : file.markedBytes();
        }
    }

    /** How much would be lost with the marks now, in whole units; -1 once closed. Nothing is written down. */
    synchronized long markedBytes()
    {
        if (closed)
        {
            return -1;
        }
        final long[] units = new long[MarkFile.WORDS_PER_PAGE];
        final long groups = (tracker.sizeBytes() + MarkedTracker.GROUP_BYTES - 1) / MarkedTracker.GROUP_BYTES;
        long count = 0;
        for (long group = 0; group < groups; group += MarkFile.GROUPS_PER_PAGE)
        {
            if (tracker.peek(group, units))
            {
                for (final long word : units)
                {
                    count += Long.bitCount(word);
                }
            }
        }
        return Math.min(count * MarkedTracker.UNIT_BYTES, tracker.sizeBytes());
    }

    private synchronized String look()
    {
        for (int page = 0; page < file.pageCount(); page++)
        {
            if (tracker.peek((long)page * MarkFile.GROUPS_PER_PAGE, words) || !file.isClear(page))
            {
                file.set(page, words);
            }
        }
        return tracker.gaps().stream().map(gap -> gap.cause().description()).collect(Collectors.joining(", "));
    }

    @Override
    public synchronized int harvest(final DirtyMap epoch)
    {
        return tracker.harvest(epoch);
    }

    @Override
    public synchronized void putBack(final DirtyMap epoch)
    {
        tracker.putBack(epoch);
    }

    @Override
    public synchronized void carry(final DirtyMap granules)
    {
        tracker.carry(granules);
    }

    @Override
    public synchronized boolean isStill()
    {
        return tracker.isStill();
    }

    @Override
    public synchronized void sealed()
    {
        tracker.sealed();
    }

    @Override
    public synchronized List<Gap> gaps()
    {
        return tracker.gaps();
    }

    @Override
    public synchronized boolean closeGap(final Gap gap)
    {
        return tracker.closeGap(gap);
    }

    /** Lets go of both; the kernel goes on marking. */
    @Override
    public void close()
    {
        synchronized (writing)
        {
            if (!closed)
            {
                closed = true;
                file.close();
                closeTracker();
            }
        }
    }

    private synchronized void closeTracker()
    {
        tracker.close();
    }
}
