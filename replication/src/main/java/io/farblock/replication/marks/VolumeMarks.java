package io.farblock.replication.marks;

import io.farblock.blockdev.boot.BootLook;
import io.farblock.blockdev.dirty.DirtyTracker;
import io.farblock.blockdev.dirty.MarkedTracker;
import io.farblock.replication.Storage;
import io.farblock.replication.lineage.RecordFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The saved map of one volume, for the life of its process: opened with its tracker on the capture thread, kept up to
 * date by {@code src-marks}. A map that cannot be written is made anew at the next look, and nothing is promised of it
 * until that has worked.
 */
public final class VolumeMarks
{
    private static final Logger LOG = LoggerFactory.getLogger("farblock.marks");

    private final Storage storage;
    private final Path directory;
    private final String name;
    private final Path device;
    private volatile Resume resume;
    private volatile MarkKeeper keeper;
    private volatile long sizeBytes;
    private volatile boolean attempted;
    private volatile long markedBytes = -1;
    private boolean failed;
    private boolean current;

    /**
     * @param directory of the volume's state.
     * @param name      of the volume's tracker.
     * @param device    of the volume.
     */
    public VolumeMarks(final Storage storage, final Path directory, final String name, final Path device)
    {
        this.storage = storage;
        this.directory = directory;
        this.name = name;
        this.device = device;
    }

    /**
     * What the volume is to use instead of its tracker, which it closes with it; the tracker itself, if its marks
     * cannot be looked at. After a boot this brings back what was saved.
     *
     * @throws IOException when the state directory cannot be used; the tracker is closed.
     */
    public DirtyTracker follow(final DirtyTracker tracker) throws IOException
    {
        if (!(tracker instanceof MarkedTracker marked))
        {
            return tracker;
        }
        try
        {
            sizeBytes = marked.sizeBytes();
            resume = new Resume(storage, storage.bootLook(), directory, name, device);
            keeper = resume.open(marked);
            return keeper;
        }
        catch (final IOException | RuntimeException ex)
        {
            tracker.close();
            throw ex;
        }
    }

    /** It was tried to follow the volume, whatever came of it. Capture thread. */
    public void attempted()
    {
        attempted = true;
    }

    /** Whether the word of an earlier life was looked at, if it will be; until then it is not ours to take back. */
    public boolean isAttempted()
    {
        return attempted;
    }

    /**
     * Looks and writes down what changed, if that can be of use after a power cut: a clean shutdown has a look of its
     * own. Returns whether the map on disk is up to date. Thread src-marks.
     */
    public boolean keep()
    {
        final MarkKeeper now = keeper;
        // each time: an array may be given a bitmap, or lose it, while it runs
        current = now != null && storage.bootLook().keepsIntent(device) && write(now);
        return current;
    }

    /** Looks and writes down what changed, before something becomes durable that relies on it. Capture thread. */
    public void keepNow() throws IOException
    {
        final long nowMs = storage.bootLook().nowMs();
        if (keeper == null)
        {
            return;
        }
        try
        {
            keeper.keep(nowMs);
        }
        catch (final MarkException ex)
        {
            // A failed flush is final for its file; without another one no epoch could begin until the next start.
            LOG.warn("volume={} state=unkept reason=\"{}\": another file is begun", name, ex.getMessage());
            resume.restart(keeper, sizeBytes);
            keeper.keep(nowMs);
        }
    }

    /** Counts what is marked and not sealed. Thread src-marks. */
    public void count()
    {
        final MarkKeeper now = keeper;
        // one look a second is enough
        markedBytes = now == null ? -1 : current ? now.lookedBytes() : now.markedBytes();
    }

    /** What was counted last; -1 when nobody can say. Any thread. */
    public long markedBytes()
    {
        return keeper == null ? -1 : markedBytes;
    }

    /**
     * Looks and writes down what changed, whatever it may be good for. Returns whether the map on disk is up to date.
     * Thread src-marks.
     */
    public boolean persist()
    {
        final MarkKeeper now = keeper;
        return now != null && write(now);
    }

    /** Gives the word that the map is kept, if it is. Thread src-marks. */
    public void promise()
    {
        if (current)
        {
            try
            {
                Kept.give(directory, storage.sync());
            }
            catch (final IOException ex)
            {
                LOG.warn("volume={} reason=\"{}\"", name, ex.getMessage());
            }
        }
    }

    /** Takes it back. Thread src-marks. */
    public void takeBack()
    {
        try
        {
            Kept.take(directory, storage.sync());
        }
        catch (final IOException ex)
        {
            LOG.warn("volume={} reason=\"{}\"", name, ex.getMessage());
        }
    }

    /** The file that says that the map is kept. */
    public Path keptFile()
    {
        return Kept.file(directory);
    }

    /** An epoch was sealed. Capture thread. */
    public void sealed()
    {
        if (resume != null)
        {
            resume.sealed();
        }
    }

    /** What came of the last boot; empty when that is not known. Any thread. */
    public Optional<BootNote> note()
    {
        final Resume now = resume;
        return now == null ? Optional.empty() : now.note();
    }

    /** Whether a map was ever saved here. */
    public boolean exists()
    {
        return Files.exists(directory.resolve(Resume.FILE));
    }

    /** The volume is followed no more: what was saved means nothing at any later start. */
    public void forget() throws IOException
    {
        Kept.take(directory, storage.sync());
        if (Files.deleteIfExists(directory.resolve(Resume.FILE)))
        {
            // Else a power cut brings back a map that knows nothing of what was written since.
            RecordFile.syncDirectory(directory, storage.sync());
        }
    }

    /** The keeper was closed with the volume's tracker. Capture thread. */
    public void closed()
    {
        keeper = null;
    }

    /**
     * The last look of all: says that nothing will be written any more, if that is so.
     *
     * @return why it could not be said; empty when it was.
     */
    public String finish() throws IOException
    {
        final BootLook look = storage.bootLook();
        look.flush(device);
        final byte[] fingerprint = look.fingerprint(device);
        keeper.keep(look.nowMs());
        final String usedBy = look.users(device);
        final String goesOn = look.goesOn();
        if (!usedBy.isEmpty() || !goesOn.isEmpty())
        {
            return usedBy.isEmpty() ? goesOn : "the device is in use: " + usedBy;
        }
        return keeper.finish(look.nowMs(), fingerprint) ? "" :
            "it was written while it was saved, or tracking has a gap that no epoch has closed";
    }

    private boolean write(final MarkKeeper now)
    {
        try
        {
            if (failed)
            {
                resume.restart(now, sizeBytes);
            }
            now.keep(storage.bootLook().nowMs());
            if (failed)
            {
                LOG.info("volume={} state=kept", name);
            }
            failed = false;
            return true;
        }
        catch (final IOException ex)
        {
            if (!failed)
            {
                LOG.warn("volume={} state=unkept reason=\"{}\": after a power cut everything is compared", name,
                    ex.getMessage());
            }
            failed = true;
            return false;
        }
    }
}
