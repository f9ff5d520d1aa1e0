package io.farblock.replication.source;

import io.farblock.replication.lineage.Consistency;

/**
 * One pass over devices that nobody holds still. If tracking shows that nobody wrote meanwhile, what was read is one
 * instant all the same.
 */
final class LiveCut extends Cut
{
    LiveCut(final CutContext context, final EpochAttempt attempt)
    {
        super(context, attempt);
    }

    @Override
    int step()
    {
        final int work = context.capture().step();
        if (context.capture().isPassFinished())
        {
            finish(isStill() ? Consistency.CRASH : Consistency.FUZZY);
        }
        return work;
    }
}
