package io.farblock.raidsim.serve;

import io.farblock.raidsim.array.ArrayEvent;
import java.util.function.Consumer;

/** Knows whether a scrub that was asked for has ended, by the array's events. Thread safe. */
final class ScrubWatch implements Consumer<ArrayEvent>
{
    private boolean isWanted;
    private String outcome = "";

    @Override
    public synchronized void accept(final ArrayEvent event)
    {
        final boolean isEnd = event.kind() == ArrayEvent.Kind.SYNC_ENDED ||
            event.kind() == ArrayEvent.Kind.SYNC_STOPPED;
        if (isEnd && (event.text().startsWith("check") || event.text().startsWith("repair")))
        {
            isWanted = false;
            outcome = event.text();
        }
    }

    /** False when one is wanted already. */
    synchronized boolean want()
    {
        final boolean isFirst = !isWanted;
        isWanted = true;
        return isFirst;
    }

    /** Nobody waits for it any more. */
    synchronized void giveUp()
    {
        isWanted = false;
        outcome = "the scrub was stopped";
    }

    synchronized boolean isWanted()
    {
        return isWanted;
    }

    /** What the last one said when it ended; empty before the first. */
    synchronized String outcome()
    {
        return outcome;
    }
}
