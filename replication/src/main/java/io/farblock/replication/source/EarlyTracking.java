package io.farblock.replication.source;

import io.farblock.blockdev.dirty.DirtyTracker;
import io.farblock.replication.StateLock;
import io.farblock.replication.Storage;
import io.farblock.replication.marks.BootNote;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/**
 * Begins to follow the volumes of a source before file systems are mounted, and saves their maps after they were
 * unmounted; no daemon runs then. What {@link #attach} begins goes on in the kernel; the daemon takes it over.
 *
 * <p>One use, on the calling thread. A volume that fails does not keep the others from it.
 */
public final class EarlyTracking
{
    private final SourceConfig config;
    private final Storage storage;

    /**
     * What came of one volume.
     *
     * @param volume group and name.
     * @param done   whether it is as it should be: followed, or saved and marked clean.
     * @param note   what the next epoch compares; null when it was not asked, or is not known.
     * @param text   why it is not done, or what was done.
     */
    public record Outcome(String volume, boolean done, BootNote note, String text)
    {
    }

    /** What is done with a volume, whose tracker and map are to be opened and closed. */
    private interface Step
    {
        Outcome take(String name, SourceVolume volume) throws IOException;
    }

    public EarlyTracking(final SourceConfig config, final Storage storage)
    {
        this.config = config;
        this.storage = storage;
    }

    /**
     * Follows every volume whose writes the kernel marks, from now on, and brings back what was saved.
     *
     * @throws IllegalStateException when a daemon runs, or the state directory cannot be written.
     */
    public List<Outcome> attach()
    {
        if (!Files.isDirectory(config.stateDirectory()))
        {
            // Nothing is made there: it may be the empty place where another file system is mounted later.
            return take((name, volume) ->
            {
                volume.followOnly().close();
                return new Outcome(name, true, null, "is followed, and compared: there is no " +
                    config.stateDirectory() + " yet, or its file system is mounted later (keep it on the root " +
                    "file system)");
            });
        }
        return locked((name, volume) ->
        {
            volume.follow().close();
            final BootNote note = volume.marks().note().orElse(null);
            return new Outcome(name, true, note, note == null ? "is followed since before" : "is followed");
        });
    }

    /**
     * Saves the map of every volume whose writes the kernel marks, and marks it clean if nothing can be written any
     * more.
     *
     * @throws IllegalStateException when a daemon runs, or the state directory cannot be written.
     */
    public List<Outcome> save()
    {
        if (!Files.isDirectory(config.stateDirectory()))
        {
            return take((name, volume) -> missing(name));
        }
        return locked((name, volume) ->
        {
            if (!volume.marks().exists())
            {
                return missing(name);
            }
            final DirtyTracker tracker = volume.follow();
            try
            {
                final String reason = volume.marks().finish();
                return new Outcome(name, reason.isEmpty(), null, reason.isEmpty() ? "saved, clean" :
                    "saved, but not clean: " + reason + "; the next start compares everything");
            }
            finally
            {
                tracker.close();
            }
        });
    }

    private Outcome missing(final String name)
    {
        return new Outcome(name, false, null, "not saved: found no map of it in " + config.stateDirectory() +
            "; either nothing ever followed it, or the file system is unmounted already: keep the state directory " +
            "on the root file system");
    }

    private List<Outcome> locked(final Step step)
    {
        final StateLock lock = StateLock.take(config.stateDirectory());
        try
        {
            return take(step);
        }
        finally
        {
            lock.close();
        }
    }

    private List<Outcome> take(final Step step)
    {
        final List<Outcome> outcomes = new ArrayList<>();
        for (final SourceConfig.Group group : config.groups())
        {
            for (final SourceConfig.Volume volume : group.volumes())
            {
                final SourceVolume opened = new SourceVolume(volume, config.directory(group, volume), storage);
                if (volume.tracking() == Tracking.BPF)
                {
                    outcomes.add(take(group.name() + "/" + volume.name(), opened, step));
                }
                else
                {
                    // What was saved when it was followed must not be believed when it is followed again.
                    opened.track();
                }
            }
        }
        return outcomes;
    }

    private static Outcome take(final String name, final SourceVolume volume, final Step step)
    {
        try
        {
            return step.take(name, volume);
        }
        catch (final IOException | RuntimeException ex)
        {
            return new Outcome(name, false, null, String.valueOf(ex.getMessage()));
        }
    }
}
