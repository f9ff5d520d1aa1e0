package io.farblock.replication.source;

import io.farblock.replication.lineage.Consistency;
import io.farblock.replication.merkle.TreeException;
import java.io.IOException;
import java.util.List;

/**
 * The one place where a dirty bit dies. The granules of an epoch live in its volumes' epoch maps from the harvest on;
 * they are forgotten here when the target has sealed the epoch durably, and put back here when anything else happens.
 *
 * <p>Capture thread.
 */
final class AckTracker
{
    private List<SourceVolume> open = List.of();

    /** Moves what is dirty into a new epoch; 0 or -errno of the volume that could not be asked. */
    int harvest(final List<SourceVolume> volumes)
    {
        if (!open.isEmpty())
        {
            throw new IllegalStateException("an epoch is open: its granules would be forgotten");
        }
        open = volumes;
        try
        {
            for (final SourceVolume volume : volumes)
            {
                final int result = volume.harvest();
                if (result < 0)
                {
                    return result;
                }
            }
            return 0;
        }
        catch (final TreeException ex)
        {
            // No epoch comes of it that would put them back.
            putBack();
            throw ex;
        }
    }

    /** Adds what was written meanwhile to the open epoch, for another pass; 0 or -errno, as {@link #harvest}. */
    int harvestAgain(final boolean goOn)
    {
        for (final SourceVolume volume : open)
        {
            final int result = volume.harvestAgain(goOn);
            if (result < 0)
            {
                return result;
            }
        }
        return 0;
    }

    /** Sealed and durable on the target, roots equal. */
    void sealed(final long epoch, final Consistency consistency) throws IOException
    {
        for (final SourceVolume volume : open)
        {
            volume.sealed(epoch, consistency);
        }
        open = List.of();
    }

    /** Not sealed, for whatever reason. */
    void putBack()
    {
        for (final SourceVolume volume : open)
        {
            volume.putBack();
        }
        open = List.of();
    }
}
