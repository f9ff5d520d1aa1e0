package io.farblock.replication.source;

import io.farblock.blockdev.Errno;
import io.farblock.replication.Quiesce;
import io.farblock.replication.Quiesce.Occasion;
import io.farblock.replication.lineage.Consistency;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a snapshot of each volume, which does not move however long it takes; with hooks the application is at rest
 * while the snapshots are made, and only then. Snapshots of several volumes are made one after the other: without hooks
 * each is an instant of its own, so that a group of several is no better than {@code fuzzy}.
 */
final class SnapshotCut extends Cut
{
    private static final Logger LOG = LoggerFactory.getLogger("farblock.source");

    private final List<Quiesce.Snapshot> snapshots = new ArrayList<>();
    private String problem = "";

    SnapshotCut(final CutContext context, final EpochAttempt attempt)
    {
        super(context, attempt);
    }

    @Override
    void begin() throws IOException
    {
        // Before the snapshot: what is marked after this may or may not be in it, and is marked again.
        super.begin();
        try
        {
            context.group().rest().begin(attempt.epoch);
            attempt.cutNs = context.clock().nanoTime();
            for (final SourceVolume volume : volumes())
            {
                snapshots.add(context.quiesce().snapshot(
                    volume.config().snapshot(), volume.config().device(),
                    new Occasion(attempt.group, attempt.epoch, "snapshot")));
            }
        }
        finally
        {
            problem = context.group().rest().end();
            attempt.pauseNs = context.clock().nanoTime() - attempt.cutNs;
        }
        context.group().pauses().count(attempt.pauseNs);
        for (int i = 0; i < snapshots.size(); i++)
        {
            readFrom(volumes().get(i), snapshots.get(i));
        }
    }

    @Override
    int step() throws IOException
    {
        final int work = context.capture().step();
        if (context.capture().isPassFinished())
        {
            // Before the class is said: a snapshot that broke while it was read was none.
            removeAll();
            final Consistency without = volumes().size() == 1 ? Consistency.CRASH : Consistency.FUZZY;
            finish(heldClass(without));
        }
        return work;
    }

    @Override
    public void close()
    {
        try
        {
            removeAll();
        }
        catch (final IOException ex)
        {
            problem = problem.isEmpty() ? ex.getMessage() : problem + "; " + ex.getMessage();
            LOG.error("group={} state=snapshot reason=\"{}\"", attempt.group, ex.getMessage());
        }
    }

    @Override
    String problem()
    {
        return problem;
    }

    private static void readFrom(final SourceVolume volume, final Quiesce.Snapshot snapshot) throws IOException
    {
        final int result;
        try
        {
            result = volume.readFrom(snapshot.device());
        }
        catch (final VolumeException ex)
        {
            throw new IOException(ex.getMessage(), ex);
        }
        if (result < 0)
        {
            throw new IOException("cannot find out what is in use in snapshot " + snapshot.device() + ": " +
                Errno.describe(result));
        }
    }

    private void removeAll() throws IOException
    {
        volumes().stream().filter(volume -> !snapshots.isEmpty()).forEach(SourceVolume::closeDevice);
        while (!snapshots.isEmpty())
        {
            snapshots.remove(snapshots.size() - 1).remove();
        }
    }
}
