package io.farblock.replication.source;

import io.farblock.blockdev.Errno;
import io.farblock.replication.lineage.Consistency;
import java.io.IOException;
import java.util.List;

/**
 * How one attempt at an epoch comes to an instant: which passes are made over the group's volumes, what is held still
 * meanwhile, and what may be said of the bytes afterwards.
 *
 * <pre>
 *   begin (harvest) ─> step ... (passes) ─> finish: class known, roots and seal follow
 *        └───────────────┴──> close: whatever is held is let go, at any time
 * </pre>
 *
 * <p>Capture thread. What fails is thrown or noted in the attempt, which is then given up; {@link #close} follows.
 */
abstract class Cut implements AutoCloseable
{
    final CutContext context;
    final EpochAttempt attempt;

    Cut(final CutContext context, final EpochAttempt attempt)
    {
        this.context = context;
        this.attempt = attempt;
    }

    static Cut of(final CutContext context, final EpochAttempt attempt)
    {
        return switch (context.group().plan().mode())
        {
            case LIVE -> new LiveCut(context, attempt);
            case SUSPEND -> new SuspendCut(context, attempt);
            case STOP -> new StopCut(context, attempt);
            case SNAPSHOT -> new SnapshotCut(context, attempt);
        };
    }

    /** Harvests, and begins the first pass. */
    void begin() throws IOException
    {
        harvested(context.acks().harvest(volumes()));
        beginPass();
    }

    /** Does some of the work; 0 when there is nothing to do now. */
    abstract int step() throws IOException;

    /** Lets go of whatever is held. Idempotent. */
    @Override
    public void close()
    {
        // Nothing is held, unless a kind of cut says so.
    }

    /** Why something that was held could not be let go; empty when all is well. */
    String problem()
    {
        return "";
    }

    final List<SourceVolume> volumes()
    {
        return context.group().volumes();
    }

    final void beginPass()
    {
        for (final SourceVolume volume : volumes())
        {
            attempt.totalBytes += volume.passBytes();
        }
        context.capture().beginPass();
    }

    /** Harvests for another pass, when all of the last one is acknowledged; or adds to the one that goes on. */
    final void harvestAgain(final boolean goOn) throws IOException
    {
        harvested(context.acks().harvestAgain(goOn));
    }

    /** No more passes. */
    final void finish(final Consistency consistency)
    {
        attempt.consistency = consistency;
        context.capture().finish();
    }

    /** Whether nothing was written to any volume since its last harvest began: their bytes are of one instant. */
    final boolean isStill()
    {
        for (final SourceVolume volume : volumes())
        {
            if (!volume.isStill())
            {
                return false;
            }
        }
        return true;
    }

    /** What may be said when everything was still, or was held so: hooks make it the application's own state. */
    final Consistency heldClass(final Consistency without)
    {
        return context.group().plan().hasHooks() ? Consistency.APP : without;
    }

    private static void harvested(final int result) throws IOException
    {
        if (result < 0)
        {
            throw new IOException("cannot find out what is in use on a volume: " + Errno.describe(result));
        }
    }
}
